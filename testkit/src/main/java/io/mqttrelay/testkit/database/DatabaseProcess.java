package io.mqttrelay.testkit.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real database server in its own process, on loopback, with a user {@code relay} (password {@code relay-secret}) who
 * owns the database {@code relay}. {@link #kill}, {@link #stop} and {@link #start} keep port and data: clients see a
 * restarted server. Confined to one thread.
 */
public final class DatabaseProcess implements AutoCloseable {
    /** The servers that can be started. */
    public enum Kind {
        POSTGRESQL,
        MARIADB
    }

    public static final String USER = "relay";
    public static final String PASSWORD = "relay-secret";

    private static final int TIMEOUT_SECONDS = 120;

    private final Kind kind;
    private final Path folder;
    private final int port;
    private final List<String> options;
    private @Nullable Process process;

    private DatabaseProcess(Kind kind, Path folder, int port, List<String> options) {
        this.kind = kind;
        this.folder = folder;
        this.port = port;
        this.options = options;
    }

    /** The programs that this machine lacks, for people; null: none. */
    public static @Nullable String missing(Kind kind) {
        return DatabasePrograms.missing(kind);
    }

    /**
     * Makes a database in a temporary folder and starts its server on a free port.
     *
     * @param options further options of the server's command line, such as {@code --max_connections=5}
     */
    public static DatabaseProcess launch(Kind kind, String... options) {
        try {
            Path folder = Files.createTempDirectory("relay-" + kind.name().toLowerCase(Locale.ROOT));
            DatabaseProcess database = new DatabaseProcess(kind, folder, freePort(), List.of(options));
            DatabaseFolder.create(kind, folder);
            database.start();
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** The URL for JDBC, without a user. */
    public String url() {
        return urlWithPort(port);
    }

    /** The URL of the same database behind another port of this machine, such as a proxy's. */
    public String urlWithPort(int other) {
        String place = "://127.0.0.1:" + other + "/relay";
        return kind == Kind.POSTGRESQL ? "jdbc:postgresql" + place : "jdbc:mariadb" + place + "?sslMode=disable";
    }

    /** The output of the server, of all its starts. */
    public String log() {
        try {
            Path log = folder.resolve("server.log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server (again); returns when it takes log-ins. */
    public void start() {
        if (process != null) {
            return;
        }
        try {
            Files.deleteIfExists(folder.resolve("data").resolve("postmaster.pid"));
            long starts = starts();
            Process started = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("server.log").toFile()))
                    .start();
            process = started;
            awaitReady(started, starts + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + kind, e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        if (kind == Kind.POSTGRESQL) {
            command.addAll(DatabasePrograms.postgresql(
                    "postgres",
                    "-D",
                    DatabaseFolder.data(folder),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1"));
            command.addAll(List.of("-k", folder.toString(), "-c", "fsync=on"));
        } else {
            command.addAll(List.of(
                    DatabasePrograms.mariadb(),
                    "--no-defaults",
                    "--datadir=" + DatabaseFolder.data(folder),
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--socket=" + folder.resolve("server.sock"),
                    "--pid-file=" + folder.resolve("server.pid"),
                    "--init-file=" + folder.resolve("init.sql"),
                    "--skip-name-resolve",
                    "--user=" + System.getProperty("user.name")));
        }
        command.addAll(options);
        return command;
    }

    /** The number of starts that the log has seen to their end. */
    private long starts() {
        String said = kind == Kind.POSTGRESQL ? "ready to accept connections" : "ready for connections";
        return log().lines().filter(line -> line.contains(said)).count();
    }

    private void awaitReady(Process started, long starts) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (starts() < starts) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(kind + " does not start: " + log());
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a database started", e);
        }
    }

    /** Stops the server with SIGTERM to each of its sessions, as an operator does who does not wait. */
    public void stop() {
        end(kind == Kind.POSTGRESQL ? "INT" : "TERM");
    }

    /** Kills the server and its sessions, as a power cut does. */
    public void kill() {
        end("KILL");
    }

    private void end(String signal) {
        Process ending = process;
        if (ending == null) {
            return;
        }
        process = null;
        List<ProcessHandle> all = tree(ending);
        if (signal.equals("KILL")) {
            all.forEach(ProcessHandle::destroyForcibly);
        } else {
            signal(List.of(all.get(0)), signal);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (all.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() > deadline) {
                all.forEach(ProcessHandle::destroyForcibly);
                throw new IllegalStateException(kind + " does not end");
            }
            sleep();
        }
    }

    /** Suspends the server and its sessions with open connections, as on a machine that hangs. */
    public void suspend() {
        signal(running(), "STOP");
    }

    /** Resumes a suspended server. */
    public void resume() {
        signal(running(), "CONT");
    }

    private List<ProcessHandle> running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(kind + " does not run");
        }
        return tree(running);
    }

    /** The server first, then its sessions; without the program that changed the user before it. */
    private static List<ProcessHandle> tree(Process started) {
        List<ProcessHandle> all = new ArrayList<>(List.of(started.toHandle()));
        all.addAll(started.descendants().toList());
        return all;
    }

    private static void signal(List<ProcessHandle> processes, String name) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(each -> command.add(Long.toString(each.pid())));
        DatabasePrograms.run(command, "");
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
