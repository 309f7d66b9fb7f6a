package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** Prometheus' own checker. */
final class Promtool {
    private Promtool() {}

    /** Runs it in {@code folder}; the test fails with what it printed if it finds fault, and is skipped without it. */
    static void accepts(Path folder, String... arguments) throws Exception {
        Path promtool = Installed.program("promtool", "Debian's package prometheus");
        Distribution.Result result = Distribution.run(folder, promtool, List.of(arguments));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }
}
