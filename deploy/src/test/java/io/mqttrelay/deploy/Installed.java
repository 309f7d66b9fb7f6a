package io.mqttrelay.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the machine that a test needs and that not every machine has. */
final class Installed {
    private Installed() {}

    /**
     * The program's name; without it on the PATH, the test is skipped.
     *
     * @param from where it can be had
     */
    static Path program(String name, String from) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        assumeTrue(found, "this test needs " + name + " on the PATH (" + from + ")");
        return Path.of(name);
    }
}
