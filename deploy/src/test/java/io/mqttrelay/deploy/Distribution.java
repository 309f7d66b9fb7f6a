package io.mqttrelay.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged program, as {@code package} left it, run the way a user runs it. */
final class Distribution {
    /** What a command printed and ended with. */
    record Result(int exitCode, String out, String err) {}

    private Distribution() {}

    static Path checkout() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    /** The folder with {@code bin} and {@code lib}. */
    static Path folder() throws IOException {
        try (Stream<Path> children = Files.list(Path.of("target"))) {
            return children.filter(child -> Files.isDirectory(child.resolve("lib")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("nothing was packaged"))
                    .toAbsolutePath();
        }
    }

    /** That folder as {@code relay-<version>.tar.gz}. */
    static Path archive() throws IOException {
        return folder().resolveSibling(folder().getFileName() + ".tar.gz");
    }

    static Path launcher() throws IOException {
        return folder().resolve("bin").resolve("relay");
    }

    /** Runs a command in {@code directory} until it ends, which must be soon. */
    static Result run(Path directory, Path launcher, List<String> arguments) throws Exception {
        return run(directory, launcher, arguments, Map.of());
    }

    /** As {@link #run(Path, Path, List)}, with these variables added to the environment. */
    static Result run(Path directory, Path launcher, List<String> arguments, Map<String, String> environment)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        Path out = Files.createTempFile("relay", ".out");
        Path err = Files.createTempFile("relay", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " did not end");
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
