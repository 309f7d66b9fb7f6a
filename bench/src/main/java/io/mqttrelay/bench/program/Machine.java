package io.mqttrelay.bench.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The machine of the benchmark: its processors, its load, and its JDKs. */
public final class Machine {
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final Path USUAL = Path.of("/usr/lib/jvm");

    private Machine() {}

    /** Processors, model and load in a line. */
    public static String describe() {
        return String.format(
                Locale.ROOT,
                "%d x %s, load %s",
                Runtime.getRuntime().availableProcessors(),
                line(Path.of("/proc/cpuinfo"), "model name"),
                load());
    }

    private static String line(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(each -> each.startsWith(name))
                    .map(each -> each.substring(each.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The JDK that the launcher chooses. */
    public static Path newestJava(Map<String, String> environment) {
        Stream<Path> told =
                Optional.ofNullable(environment.get("JAVA_HOME")).stream().map(Path::of);
        Stream<Path> own = Stream.of(Path.of(System.getProperty("java.home")));
        return Stream.of(told, own, usual().stream())
                .flatMap(homes -> homes)
                .max(Comparator.comparingInt(Machine::javaMajor))
                .orElseThrow();
    }

    private static List<Path> usual() {
        if (!Files.isDirectory(USUAL)) {
            return List.of();
        }
        try (Stream<Path> homes = Files.list(USUAL)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The major version, such as 17 or 25; 0: no JDK. */
    public static int javaMajor(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
