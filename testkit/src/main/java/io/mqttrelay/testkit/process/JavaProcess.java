package io.mqttrelay.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program in a separate JVM, with its own heap, that a test can kill. Both output streams go to a file. Confined to
 * the test's thread.
 */
public final class JavaProcess implements AutoCloseable {
    private static final int SHOWN = 20_000; // characters

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int POLL_MILLIS = 10;

    private final Process process;
    private final String name;
    private final Path output;

    private JavaProcess(Process process, String name, Path output) {
        this.process = process;
        this.name = name;
        this.output = output;
    }

    /**
     * The command to start.
     *
     * @param name for messages and the output file; another start with the same name appends to the file
     * @param jvm options such as {@code -Xmx128m}
     */
    public record Command(String name, List<String> jvm, Class<?> mainClass, List<String> arguments) {}

    /** Starts a program. {@code folder} is its working folder and has its output. */
    public static JavaProcess start(Path folder, Command command) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(command.jvm());
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(command.mainClass().getName());
        line.addAll(command.arguments());
        return start(folder, command.name(), line, Map.of());
    }

    /**
     * Starts any program that becomes a JVM, such as a launcher that replaces itself by one.
     *
     * @param name for messages and the output file; another start with the same name appends to the file
     * @param environment variables added to those of this process
     */
    public static JavaProcess start(Path folder, String name, List<String> line, Map<String, String> environment) {
        Path output = folder.resolve(name + ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            // ends with the test run, even if that is aborted
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new JavaProcess(process, name, output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The output so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until the output matches.
     *
     * @throws AssertionError it did not match in time, or the process ended first
     */
    public Matcher await(Pattern wanted, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            boolean last = !process.isAlive() || System.nanoTime() > deadline; // read before the output
            Matcher matcher = wanted.matcher(output());
            if (matcher.find()) {
                return matcher;
            }
            if (last) {
                throw new AssertionError("no " + wanted + " in the output of " + this);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process was watched", e);
        }
    }

    /** Kills the process as a power cut does: {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    /**
     * Stops the process as an operator does: SIGTERM.
     *
     * @return the exit code
     */
    public int terminate(Duration atMost) {
        process.destroy();
        return awaitExit(atMost);
    }

    /** Suspends the process with open connections: SIGSTOP. */
    public void suspend() {
        signal("STOP");
    }

    /** Resumes a suspended process. */
    public void resume() {
        signal("CONT");
    }

    /** Sends a signal, such as {@code HUP}. */
    public void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("cannot signal " + this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Waits until the process ends.
     *
     * @return the exit code
     */
    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still runs after " + atMost + ": " + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process ended", e);
        }
    }

    /** The state and the last output, for the message of a failed assertion. */
    @Override
    public String toString() {
        String state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
        String printed = output();
        String last = printed.length() <= SHOWN ? printed : "...\n" + printed.substring(printed.length() - SHOWN);
        return name + " (" + process.pid() + ", " + state + ")\n" + last;
    }

    /** Kills the process if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
