package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of settings by the section that describes the whole file. Finds all problems of single values in one
 * run; {@link Fields} and {@link Value} take the problems that only a reader of several values finds.
 *
 * <pre>
 * file -> FileSnapshot -> StrictJson -> tree -> Fields: each value by its key's type
 *                                                 unknown keys (KeyPlaces), references (Substitution), limits (Type)
 * </pre>
 */
public final class SettingsFile {
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Function<String, @Nullable String> environment;
    private final FileSnapshot files;
    private final Problems problems;

    /**
     * @param file as the user named it: every problem starts with it
     * @param environment gives the value of a variable; null: not set
     * @param files reads this file and the files that it refers to
     */
    public SettingsFile(Path file, Function<String, @Nullable String> environment, FileSnapshot files) {
        this.file = file;
        this.environment = environment;
        this.files = files;
        problems = new Problems(file.toString());
    }

    /**
     * Reads the fields of the file; null: they cannot be read, and that is reported.
     *
     * @param root the section of the whole file
     * @param foreign the message for a key that no section has; null: no special message
     * @param ifEmpty the remedy if the file is empty: the end of that message
     */
    public @Nullable Fields read(Section root, Function<String, @Nullable String> foreign, String ifEmpty) {
        JsonNode tree = tree(ifEmpty);
        if (tree == null) {
            return null;
        }
        Path parent = file.toAbsolutePath().getParent();
        Path folder = parent == null ? Path.of("") : parent;
        Value.Source source = new Value.Source(
                problems, new Substitution(folder, environment, files), folder, files, new KeyPlaces(root, foreign));
        return Fields.of(new Value(source, JsonPath.ROOT, tree), root);
    }

    private @Nullable JsonNode tree(String ifEmpty) {
        try {
            return StrictJson.parse(files.text(file, MAX_BYTES), ifEmpty, problems);
        } catch (FileSnapshot.UnreadableException e) {
            problems.add(e.why());
            return null;
        }
    }

    /** The problems until now, one line each, {@code FILE: $.path: text}, without secrets. */
    public List<String> problems() {
        return problems.problems();
    }

    /** The warnings until now, in the form of {@link #problems()}. */
    public List<String> warnings() {
        return problems.warnings();
    }
}
