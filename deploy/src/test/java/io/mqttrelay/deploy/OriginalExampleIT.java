package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.guarantee.Bytes;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Expectation;
import io.mqttrelay.testkit.guarantee.NoLoss;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original program's own example file, unchanged but for ports, from one end to the other. */
@RequiresMosquitto
class OriginalExampleIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int MESSAGES = 60;

    private final int ingestPort = LoopbackPorts.free();
    private final int dispatchPort = LoopbackPorts.free();

    @TempDir
    private Path folder;

    @Test
    void eachMessageButTheExcludedReachesEachCallbackOnce() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.launch();
                MosquittoProcess mosquitto = MosquittoProcess.launch();
                CallbackServer callbacks = CallbackServer.start()) {
            Path file = configuration(kafka.bootstrapServers(), mosquitto.port(), callbacks.port());
            try (RelayProcess ingest = RelayProcess.start(folder, "ingest", "--config", file.toString());
                    RelayProcess dispatch = RelayProcess.start(folder, "dispatch", "--config", file.toString())) {
                awaitReady(ingest, ingestPort);
                awaitReady(dispatch, dispatchPort);
                List<Sent> sent = publish(mosquitto.port());
                callbacks.await("/api/test", MESSAGES, START);
                callbacks.await("/api/test2", MESSAGES, START);
                terminate(ingest);
                terminate(dispatch);
                check(sent, callbacks);
            }
        }
    }

    private static List<Sent> publish(int port) {
        try (MqttPublisher publisher = new MqttPublisher(port)) {
            for (int i = 0; i < MESSAGES; i++) { // one QoS per topic: MQTT keeps no order between them
                publisher.send("from/v1/device-" + i % 5, i % 5 % 3);
                publisher.send("from/v1/aaa/device-" + i % 5, i % 3);
                publisher.send("to/v1/device-" + i % 5, i % 3);
            }
            return publisher.flush().acknowledged();
        }
    }

    private static void check(List<Sent> sent, CallbackServer callbacks) {
        List<Expectation> expectations = List.of(
                Expectation.of(callbacks.url("/api/test"), "from/v1/#").excluding("from/v1/aaa/"),
                Expectation.of(callbacks.url("/api/test2"), "from/v1/#").excluding("from/v1/aaa/"));
        NoLoss.check(sent, callbacks.deliveries(), List.of(), expectations).assertHolds();
        Duplicates.none(callbacks.deliveries()).assertHolds();
        Bytes.check(sent, callbacks.deliveries()).assertHolds();
        Order.perTopic(sent, callbacks.deliveries()).assertHolds();
        assertThat(callbacks.requests("/api/test")).allSatisfy(request -> {
            assertThat(request.header("relay-app-id")).isEqualTo("123");
            assertThat(request.header("relay-client-id")).isEqualTo("go-mqtt-client-1");
            assertThat(request.header("content-type")).isEqualTo("application/json");
        });
    }

    private static void terminate(RelayProcess process) {
        process.terminate();
        assertThat(process.awaitExit(GRACE)).as(process::toString).isZero();
    }

    private static void awaitReady(RelayProcess process, int adminPort) {
        await().atMost(START).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            assertThat(process.isAlive()).as(process::toString).isTrue();
            assertThat(status(adminPort)).as(process::toString).isEqualTo(200);
        });
    }

    private static int status(int adminPort) {
        try {
            URI ready = URI.create("http://127.0.0.1:" + adminPort + "/health/ready?all");
            HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(2000);
            return connection.getResponseCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The example names no Kafka and no admin ports; on a machine with other tests both must be told. */
    private Path configuration(String bootstrapServers, int mqttPort, int callbackPort) throws IOException {
        String tail =
                ",\"kafka\": {\"bootstrap_servers\": \"%s\"}, \"admin\": {\"ingest_port\": %d, \"dispatch_port\": %d}}"
                        .formatted(bootstrapServers, ingestPort, dispatchPort);
        String example = example()
                .replace("1883", Integer.toString(mqttPort))
                .replace(":8000/", ":" + callbackPort + "/")
                .strip();
        return Files.writeString(folder.resolve("relay.json"), example.substring(0, example.length() - 1) + tail);
    }

    private static String example() throws IOException {
        try (InputStream in = OriginalExampleIT.class.getResourceAsStream("original-example.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
