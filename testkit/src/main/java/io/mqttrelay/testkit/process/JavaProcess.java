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
 * A program in a JVM of its own: with a heap of its own, and to be killed. What it prints, on
 * both streams, goes to a file. Belongs to the test's thread.
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
     * What to start.
     *
     * @param name for people, and of the output file; another start with the same name appends to it
     * @param jvm options such as {@code -Xmx128m}
     */
    public record Command(String name, List<String> jvm, Class<?> mainClass, List<String> arguments) {}

    /** Starts it with {@code folder} as its working folder; its output lies there, too. */
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
     * Starts any program that ends up as a JVM, such as a launcher that replaces itself by one.
     *
     * @param name for people, and of the output file; another start with the same name appends to it
     * @param environment what is added to this process's own
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
            // a test run that is ended from outside takes it along
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

    /** What it printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until its output contains this.
     *
     * @throws AssertionError it did not when the time was up, or the process ended first
     */
    public Matcher await(Pattern wanted, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            boolean last = !process.isAlive() || System.nanoTime() > deadline; // before looking
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

    /** Ends it as a power cut does: {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    /**
     * Ends it as an operator does: SIGTERM.
     *
     * @return the exit code
     */
    public int terminate(Duration atMost) {
        process.destroy();
        return awaitExit(atMost);
    }

    /** It stands still, its connections open: SIGSTOP. */
    public void suspend() {
        signal("STOP");
    }

    /** It goes on. */
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
     * Waits for its end.
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

    /** What it is and what it printed last, for the message of a failed assertion. */
    @Override
    public String toString() {
        String state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
        String printed = output();
        String last = printed.length() <= SHOWN ? printed : "...\n" + printed.substring(printed.length() - SHOWN);
        return name + " (" + process.pid() + ", " + state + ")\n" + last;
    }

    /** Ends it at once, if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
