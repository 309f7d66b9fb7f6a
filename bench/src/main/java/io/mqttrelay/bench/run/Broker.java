package io.mqttrelay.bench.run;

import io.mqttrelay.bench.server.MqttMain;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The MQTT broker, in a process of its own: Mosquitto, or the embedded one where that is not installed.
 *
 * @param process ends it
 */
record Broker(String name, int port, AutoCloseable process) implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern SERVES = Pattern.compile(MqttMain.SERVES + "(\\d+)");

    static Broker start(Path folder) {
        return MosquittoProcess.isInstalled() ? mosquitto() : embedded(folder);
    }

    private static Broker mosquitto() {
        MosquittoProcess mosquitto = MosquittoProcess.builder()
                .option("log_type none") // otherwise it logs each message
                .option("set_tcp_nodelay true")
                .option("max_inflight_messages 20000") // without a limit it gives ids to messages that are another's
                // still
                .launch();
        Runtime.getRuntime().addShutdownHook(new Thread(mosquitto::kill)); // a benchmark that is ended takes it along
        return new Broker("mosquitto", mosquitto.port(), mosquitto);
    }

    private static Broker embedded(Path folder) {
        JavaProcess process = JavaProcess.start(
                folder,
                new JavaProcess.Command("mqtt", List.of("-Xmx1g", "-XX:+UseSerialGC"), MqttMain.class, List.of()));
        int port = Integer.parseInt(process.await(SERVES, START).group(1));
        return new Broker("HiveMQ CE", port, process);
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
