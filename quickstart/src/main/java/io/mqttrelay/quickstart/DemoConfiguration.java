package io.mqttrelay.quickstart;

import io.mqttrelay.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The configuration of a quickstart without {@code --config}. It is an ordinary file, for the user to read and copy.
 */
final class DemoConfiguration {
    private static final int MQTT_PORT = 1883;
    private static final int CALLBACK_PORT = 8000;
    private static final int INGEST_PORT = 8081;
    private static final int DISPATCH_PORT = 8082;

    private DemoConfiguration() {}

    /**
     * The configuration of the folder. If the folder has none, it is created; ports that are in use are replaced by
     * free ones.
     */
    static Path in(Path folder) throws IOException {
        Path file = folder.resolve("relay.json");
        return Files.exists(file) ? file : Files.writeString(file, text());
    }

    private static String text() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                DemoConfiguration.class.getResourceAsStream("demo.json"), "demo.json is part of this jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("1883", port(MQTT_PORT))
                    .replace("8000", port(CALLBACK_PORT))
                    .replace("8081", port(INGEST_PORT))
                    .replace("8082", port(DISPATCH_PORT));
        }
    }

    private static String port(int usual) {
        return Integer.toString(LoopbackPorts.isFree(usual) ? usual : LoopbackPorts.free());
    }
}
