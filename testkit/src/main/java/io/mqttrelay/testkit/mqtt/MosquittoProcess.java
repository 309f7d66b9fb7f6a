package io.mqttrelay.testkit.mqtt;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Mosquitto in its own process, on loopback. {@link #stop}, {@link #kill} and {@link #start} keep ports and
 * folder: clients see a restarted broker. Confined to one thread.
 */
public final class MosquittoProcess implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 20;

    private final Path folder;
    private final int port;
    private final int tlsPort;
    private final int websocketPort;
    private @Nullable Process process;

    MosquittoProcess(Path folder, int port, int tlsPort, int websocketPort) {
        this.folder = folder;
        this.port = port;
        this.tlsPort = tlsPort;
        this.websocketPort = websocketPort;
    }

    /** Starts a Mosquitto on a free port, without users or persistence. */
    public static MosquittoProcess launch() {
        return builder().launch();
    }

    public static MosquittoConfiguration builder() {
        return new MosquittoConfiguration();
    }

    /** Whether Mosquitto is installed on this machine. */
    public static boolean isInstalled() {
        return program("mosquitto").isPresent();
    }

    public int port() {
        return port;
    }

    /** The port of the TLS listener; 0: none. */
    public int tlsPort() {
        return tlsPort;
    }

    /** The port of the WebSocket listener; 0: none. */
    public int websocketPort() {
        return websocketPort;
    }

    /** The log so far, of all its starts. */
    public String log() {
        try {
            Path log = folder.resolve("mosquitto.log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the broker (again); returns when it accepts connections. */
    public void start() {
        if (process != null) {
            return;
        }
        Path config = folder.resolve("mosquitto.conf");
        try {
            Process started = new ProcessBuilder(required("mosquitto"), "-c", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("console.log").toFile()))
                    .start();
            process = started;
            awaitListening(started);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start mosquitto", e);
        }
    }

    private void awaitListening(Process started) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!accepts(port)) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                String console = Files.readString(folder.resolve("console.log"));
                throw new IllegalStateException("mosquitto does not start: " + console + log());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while mosquitto started", e);
            }
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops the process with SIGTERM, as an operator does. */
    public void stop() {
        end(Process::destroy);
    }

    /** Kills the process, as a power cut does. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    private void end(Consumer<Process> how) {
        Process ending = process;
        if (ending == null) {
            return;
        }
        process = null;
        how.accept(ending);
        try {
            if (!ending.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Suspends the process with open connections, as on a machine that hangs. */
    public void suspend() {
        signal("STOP");
    }

    /** Resumes a suspended process. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("mosquitto does not run");
        }
        run(List.of("kill", "-" + name, Long.toString(running.pid())));
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path passwordFile(Path folder, Map<String, String> users) {
        Path file = folder.resolve("passwords");
        users.forEach((name, password) -> {
            List<String> command = new ArrayList<>(List.of(required("mosquitto_passwd"), "-b"));
            if (!Files.exists(file)) {
                command.add("-c");
            }
            command.addAll(List.of(file.toString(), name, password));
            run(command);
        });
        return file;
    }

    private static void run(List<String> command) {
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!started.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || started.exitValue() != 0) {
                started.destroyForcibly();
                throw new IllegalStateException(command.get(0) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String required(String name) {
        return program(name)
                .map(Path::toString)
                .orElseThrow(() -> new IllegalStateException("there is no " + name + " on this machine"));
    }

    private static Optional<Path> program(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin" + File.pathSeparator
                + "/usr/local/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
