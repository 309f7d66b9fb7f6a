package io.mqttrelay.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the JDKs of this machine. */
final class JavaHomes {
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final Path USUAL = Path.of("/usr/lib/jvm");

    private JavaHomes() {}

    /** The JDK that the launcher chooses. */
    static Path newest(Map<String, String> environment) {
        Stream<Path> told =
                Optional.ofNullable(environment.get("JAVA_HOME")).stream().map(Path::of);
        Stream<Path> own = Stream.of(Path.of(System.getProperty("java.home")));
        return Stream.of(told, own, usual().stream())
                .flatMap(homes -> homes)
                .max(Comparator.comparingInt(JavaHomes::major))
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
    static int major(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
