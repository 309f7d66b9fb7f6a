package io.mqttrelay.testkit.database;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs of the database servers, where Debian puts them. */
final class DatabasePrograms {
    private static final Path POSTGRESQL = Path.of("/usr/lib/postgresql");

    private static final int TIMEOUT_SECONDS = 120;

    private DatabasePrograms() {}

    /** For people; null: nothing is missing. */
    static @Nullable String missing(DatabaseProcess.Kind kind) {
        if (kind == DatabaseProcess.Kind.POSTGRESQL) {
            return folder().isPresent() && (!isRoot() || onPath("setpriv").isPresent())
                    ? null
                    : "initdb and postgres in " + POSTGRESQL + "/VERSION/bin, and setpriv as root";
        }
        return onPath("mariadbd").isPresent() && onPath("mariadb-install-db").isPresent()
                ? null
                : "mariadbd and mariadb-install-db on the PATH or in /usr/sbin";
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** A command of PostgreSQL, which refuses to run as root. */
    static List<String> postgresql(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(folder().orElseThrow().resolve(program).toString());
        command.addAll(List.of(arguments));
        return as("postgres", command);
    }

    /** The command of another user if this process runs as root. */
    static List<String> as(String user, List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> changed = new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", user, "--clear-groups"));
        changed.addAll(command);
        return changed;
    }

    static String mariadb() {
        return onPath("mariadbd").orElseThrow().toString();
    }

    /**
     * Runs a command to its end.
     *
     * @throws IllegalStateException if it fails; the message has its output
     */
    static void run(List<String> command, String input) {
        try {
            File output = File.createTempFile("relay-database", ".log");
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            try (var in = started.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            boolean ended = started.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output.toPath());
            Files.delete(output.toPath());
            if (!ended || started.exitValue() != 0) {
                started.destroyForcibly();
                throw new IllegalStateException(command + " failed: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The programs of the newest version. */
    private static Optional<Path> folder() {
        if (!Files.isDirectory(POSTGRESQL)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(POSTGRESQL)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> onPath(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
