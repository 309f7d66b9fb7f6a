package io.mqttrelay.faults.mutant;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;

/** The agent that breaks the program, as a jar in {@code target}. */
final class AgentJar {
    private AgentJar() {}

    /**
     * Writes the jar again, which takes little time; a service that starts at this moment reads the old one, complete.
     */
    static Path path() {
        Path jar = Path.of("target", "mutants-" + ProcessHandle.current().pid() + ".jar")
                .toAbsolutePath();
        Path written = jar.resolveSibling(jar.getFileName() + ".new");
        try {
            write(written);
            return Files.move(written, jar, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(new Attributes.Name("Premain-Class"), MutantAgent.class.getName());
        main.put(Attributes.Name.CLASS_PATH, location(ByteBuddy.class).toString());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Path compiled : classes()) {
                out.putNextEntry(new JarEntry(
                        MutantAgent.class.getPackageName().replace('.', '/') + "/" + compiled.getFileName()));
                Files.copy(compiled, out);
                out.closeEntry();
            }
        }
    }

    private static List<Path> classes() throws IOException {
        String folder = MutantAgent.class.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(Path.of(location(MutantAgent.class).getPath(), folder))) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    private static URL location(Class<?> type) {
        try {
            return type.getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()
                    .toURL();
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
