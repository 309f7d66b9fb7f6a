package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus' own checker. */
final class Promtool {
    private static final Path NAME = Path.of("promtool");

    private Promtool() {}

    /** Runs it in {@code folder}; the test fails with what it printed if it finds fault, and is skipped without it. */
    static void accepts(Path folder, String... arguments) throws Exception {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path).resolve(NAME)));
        assumeTrue(installed, "this test needs promtool, which Debian has in the package prometheus, on the PATH");
        Distribution.Result result = Distribution.run(folder, NAME, List.of(arguments));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }
}
