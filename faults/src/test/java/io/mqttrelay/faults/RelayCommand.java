package io.mqttrelay.faults;

import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command of the packaged program that ends by itself, such as {@code relay replay}. */
final class RelayCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Most of its work is its start. */
    private static final Map<String, String> QUICK = Map.of("RELAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");

    private static int started;

    /** How it ended, and all that it printed. */
    record Ended(int code, String printed) {}

    private RelayCommand() {}

    /** Starts it, and waits for its end. */
    static Ended run(Path folder, String... arguments) {
        JavaProcess process = start(folder, arguments);
        try {
            return new Ended(process.awaitExit(PATIENCE), process.output());
        } finally {
            process.close();
        }
    }

    /** Starts it; does not wait. */
    static JavaProcess start(Path folder, String... arguments) {
        List<String> line = new ArrayList<>(List.of(RelayService.launcher().toString()));
        line.addAll(List.of(arguments));
        return JavaProcess.start(folder, arguments[0] + "-command-" + ++started, line, QUICK);
    }
}
