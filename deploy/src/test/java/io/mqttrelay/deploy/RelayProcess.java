package io.mqttrelay.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@code relay} command of the packaged distribution, as a process of its own. Belongs to the test's thread. */
final class RelayProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private RelayProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code relay arguments...} with {@code folder} as its working folder. */
    static RelayProcess start(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve(arguments[0] + ".out");
        Path err = folder.resolve(arguments[0] + ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().remove("RELAY_CONFIG");
            return new RelayProcess(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path launcher() {
        try (Stream<Path> target = Files.list(Path.of("target"))) {
            return target.map(folder -> folder.resolve("bin/relay"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the distribution is not packaged in target/"))
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /**
     * Waits for its end.
     *
     * @return the exit code
     */
    int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still runs after " + atMost + "\n" + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a relay process ended", e);
        }
    }

    /** What it printed, for the message of a failed assertion. */
    @Override
    public String toString() {
        return process.info().commandLine().orElse("relay") + "\n--- stdout\n" + out() + "--- stderr\n" + err();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
