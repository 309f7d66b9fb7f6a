package io.mqttrelay.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder /opt/relay of a service's image, made by the script that makes it in the Dockerfile. */
final class ServiceImage {
    private final Path parts;
    private final Path root;

    private ServiceImage(Path parts, Path root) {
        this.parts = parts;
        this.root = root;
    }

    /** Makes it in {@code folder}: both parts laid over each other, as the layers are. */
    static ServiceImage of(String service, Path folder) throws Exception {
        Path parts = folder.resolve(service + "-parts");
        Path tools = Path.of(System.getProperty("java.home"), "bin");
        Distribution.Result result = Distribution.run(
                folder,
                Distribution.checkout().resolve("deploy/docker/image-files"),
                List.of(Distribution.folder().toString(), service, parts.toString()),
                Map.of("PATH", tools + ":" + System.getenv("PATH")));
        if (result.exitCode() != 0) {
            throw new IllegalStateException(result.err());
        }
        ServiceImage image = new ServiceImage(parts, folder.resolve(service));
        image.lay("libraries");
        image.lay("relay");
        return image;
    }

    private void lay(String part) throws IOException {
        Path from = parts.resolve(part);
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path to = root.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(to);
                    } else {
                        Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    Path root() {
        return root;
    }

    Path launcher() {
        return root.resolve("bin/relay");
    }

    /** Names of the jars of a part: {@code libraries} or {@code relay}. */
    Set<String> jars(String part) throws IOException {
        try (Stream<Path> jars = Files.list(parts.resolve(part).resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
