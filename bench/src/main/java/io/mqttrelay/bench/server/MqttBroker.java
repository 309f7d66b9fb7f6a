package io.mqttrelay.bench.server;

import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The MQTT broker in a separate process: Mosquitto, or the embedded broker if Mosquitto is not installed.
 *
 * @param process to close it
 */
public record MqttBroker(String name, int port, AutoCloseable process) implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern SERVES = Pattern.compile(MqttMain.SERVES + "(\\d+)");

    public static MqttBroker start(Path folder) {
        return MosquittoProcess.isInstalled() ? mosquitto() : embedded(folder);
    }

    private static MqttBroker mosquitto() {
        MosquittoProcess mosquitto = MosquittoProcess.builder()
                .option("log_type none") // or it would log each message
                .option("set_tcp_nodelay true")
                .option("max_inflight_messages 20000") // without a limit it reuses ids of open messages
                .launch();
        Runtime.getRuntime().addShutdownHook(new Thread(mosquitto::kill)); // ends with the benchmark
        return new MqttBroker("mosquitto", mosquitto.port(), mosquitto);
    }

    private static MqttBroker embedded(Path folder) {
        JavaProcess process = JavaProcess.start(
                folder,
                new JavaProcess.Command("mqtt", List.of("-Xmx1g", "-XX:+UseSerialGC"), MqttMain.class, List.of()));
        int port = Integer.parseInt(process.await(SERVES, START).group(1));
        return new MqttBroker("HiveMQ CE", port, process);
    }

    @Override
    public void close() {
        try {
            process.close();
        } catch (Exception e) {
            throw new IllegalStateException("the MQTT broker does not end", e);
        }
    }
}
