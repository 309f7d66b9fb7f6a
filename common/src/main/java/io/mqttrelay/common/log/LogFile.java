package io.mqttrelay.common.log;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The log files of one process.
 *
 * @param folder absolute
 * @param stem of the name: {@code mqtt.ingest}
 * @param extension with its dot, or empty
 */
record LogFile(Path folder, String stem, String extension) {
    /**
     * The log files for a configured name: {@code logs/mqtt.log} of process {@code ingest} becomes
     * {@code logs/mqtt.ingest.log}.
     */
    static LogFile of(Path configured, String process) {
        Path absolute = configured.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        Path fileName = absolute.getFileName();
        if (folder == null || fileName == null) {
            throw new IllegalArgumentException("not the name of a file: " + configured);
        }
        String name = fileName.toString();
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        return new LogFile(folder, name.substring(0, dot) + "." + process, name.substring(dot));
    }

    /** The active file. */
    Path path() {
        return folder.resolve(stem + extension);
    }

    /** Log4j's pattern for the rolled files; {@code mqtt.ingest.1.log} is the newest. */
    String rolledPattern() {
        return literal(folder.toString()) + "/" + literal(stem) + ".%i" + literal(extension);
    }

    /** Matches the names of the rolled files and of no other file. */
    Pattern rolledNames() {
        return Pattern.compile(Pattern.quote(stem + ".") + "[0-9]+" + Pattern.quote(extension));
    }

    private static String literal(String text) {
        return text.replace("%", "%%").replace("$", "$$");
    }
}
