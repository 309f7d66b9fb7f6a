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
    /** Most of its time is its start. */
    private static final Map<String, String> QUICK = Map.of("RELAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");

    private static int started;

    /** The exit code and all output of a command. */
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

    /** Runs a command with options of the JVM, for a command that takes long. */
    static Ended run(Path folder, String javaOptions, Duration patience, String... arguments) {
        JavaProcess process = start(folder, Map.of("RELAY_JAVA_OPTS", javaOptions), arguments);
        try {
            return new Ended(process.awaitExit(patience), process.output());
        } finally {
            process.close();
        }
    }

    /** Starts it; does not wait. */
    static JavaProcess start(Path folder, String... arguments) {
        return start(folder, QUICK, arguments);
    }

    private static JavaProcess start(Path folder, Map<String, String> environment, String... arguments) {
        List<String> line = new ArrayList<>(List.of(RelayService.launcher().toString()));
        line.addAll(List.of(arguments));
        return JavaProcess.start(folder, arguments[0] + "-command-" + ++started, line, environment);
    }
}
