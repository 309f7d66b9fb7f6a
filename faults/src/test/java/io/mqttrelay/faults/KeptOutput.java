package io.mqttrelay.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps the output of the programs of a failed row in {@code target/failed-rows}. */
final class KeptOutput implements AfterTestExecutionCallback {
    /** A test whose programs write into a folder. */
    interface Scene {
        /** Unique. */
        String name();

        Path folder();

        /** The log of its MQTT broker. */
        String mqttLog();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        Scene scene = (Scene) context.getRequiredTestInstance();
        Path kept = Path.of(
                "target",
                "failed-rows",
                scene.name() + "-" + context.getRequiredTestMethod().getName());
        Files.createDirectories(kept);
        try (Stream<Path> files = Files.list(scene.folder())) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.write(kept.resolve("mqtt-broker.log"), List.of(scene.mqttLog()));
        System.out.println("what the programs wrote is kept in " + kept.toAbsolutePath());
    }
}
