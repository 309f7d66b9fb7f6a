package io.mqttrelay.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps what the programs of a row that failed have written: in {@code target/failed-rows}. */
final class KeptOutput implements AfterTestExecutionCallback {
    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        FaultScene scene = (FaultScene) context.getRequiredTestInstance();
        Path kept = Path.of(
                "target",
                "failed-rows",
                scene.app + "-" + context.getRequiredTestMethod().getName());
        Files.createDirectories(kept);
        try (Stream<Path> files = Files.list(scene.folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.write(kept.resolve("mqtt-broker.log"), List.of(scene.mosquitto.log()));
        System.out.println("what the programs wrote is kept in " + kept.toAbsolutePath());
    }
}
