package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.PublishPacket;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stops and starts under load, of the service and of the process. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class StopIT {
    /** A stop that does not wait has asked for DISCONNECT by then. */
    private static final Duration LONGER_THAN_A_STOP = Duration.ofMillis(500);

    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("stop");

    StopIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    private ObjectNode config(int mqttPort) {
        return config(mqttPort, 5);
    }

    private ObjectNode config(int mqttPort, int version) {
        return RunningIngest.config(
                kafka.bootstrapServers(),
                mqttPort,
                app,
                app,
                "stop/#",
                root -> RunningIngest.broker(root).put("mqtt_version", version));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void stopsUnderLoadNeitherLoseNorRepeat(int version) {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            ObjectNode config = config(mosquitto.port(), version);
            for (int round = 0; round < 5; round++) {
                try (RunningIngest ingest = RunningIngest.start(config).awaitReady()) {
                    for (int i = 0; i < 1000; i++) {
                        publisher.send("stop/" + i % 5, 1);
                    }
                    ingest.awaitMetric("relay_ingest_stored_total", app, 1);
                }
            }
            publisher.flush();
            try (RunningIngest ingest = RunningIngest.start(config).awaitReady()) {
                Stored stored = new Stored(kafka.bootstrapServers(), app);
                assertThat(stored.awaitAll(publisher.acknowledged()))
                        .as("duplicates")
                        .isZero();
                stored.assertInOrder(publisher.sent());
                assertThat(ingest.ready().statusCode()).isEqualTo(200);
            }
        }
    }

    /** Its event loop is held up in the log, where a message that matches no filter is told. */
    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void aStopWaitsForTheMessageThatIsBeingTaken(int version) throws Exception {
        byte[] rewritten = new PublishPacket().topic("mount/stop/1").qos(1, 7).packet(version == 5, "p");
        CountDownLatch goesOn = new CountDownLatch(1);
        try (RawBroker broker = RawBroker.sending(version == 5, List.of(rewritten));
                LogLines told = new LogLines(DropLog.class, () -> awaitUninterrupted(goesOn));
                RunningIngest ingest =
                        RunningIngest.start(config(broker.port(), version)).awaitReady()) {
            Awaitility.await().until(() -> !told.lines().isEmpty());
            CompletableFuture<Void> stop = CompletableFuture.runAsync(ingest::close);
            Awaitility.await().during(LONGER_THAN_A_STOP).until(() -> !stop.isDone());

            goesOn.countDown();
            stop.get(20, TimeUnit.SECONDS);
            assertThat(broker.acknowledged(1)).containsExactly(7);
            assertThat(new Stored(kafka.bootstrapServers(), app).messages(1)).hasSize(1);
        } finally {
            goesOn.countDown();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theProcessEndsWithZeroAtSigtermAndWithTwoForABadFile(@TempDir Path folder) throws Exception {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            Path good = Files.writeString(
                    folder.resolve("good.json"), config(mosquitto.port()).toString());
            Path bad = Files.writeString(folder.resolve("bad.json"), "{\"mqtt_brokers\": []}");

            Process refused = ingest(folder.resolve("refused.log"), "--config", bad.toString());
            assertThat(refused.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.exitValue()).isEqualTo(2);
            assertThat(folder.resolve("refused.log")).content().contains("$.mqtt_brokers");

            Process ingest = ingest(folder.resolve("ingest.log"), "--config", good.toString());
            try {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> mosquitto.log().contains("Sending SUBACK to " + app));
                publisher.send("stop/process", 1);
                publisher.flush();
                new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
                ingest.destroy();
                assertThat(ingest.waitFor(15, TimeUnit.SECONDS)).isTrue();
                assertThat(ingest.exitValue()).isZero();
                assertThat(mosquitto.log()).contains("Received DISCONNECT from " + app);
            } finally {
                ingest.destroyForcibly();
            }
        }
    }

    private static Process ingest(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "ingest"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
