package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes are added, removed and changed while ingest runs; another route's connection stays up and loses nothing. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class ReloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EmbeddedKafka kafka;
    private final String steady = TestTopics.uniqueName("steady");
    private final String app = TestTopics.uniqueName("reloaded");
    private final Stored ofSteady;
    private final Stored stored;
    private MosquittoProcess mosquitto = MosquittoProcess.launch();

    ReloadIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.ofSteady = new Stored(kafka.bootstrapServers(), steady);
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    @AfterEach
    void stop() {
        mosquitto.close();
    }

    private ObjectNode alone() {
        return RunningIngest.config(kafka.bootstrapServers(), mosquitto.port(), steady, steady, "steady/#", root -> {});
    }

    /** The steady route, and a second one. */
    private ObjectNode with(String filter, Consumer<ObjectNode> edit) {
        ObjectNode root = alone();
        ObjectNode other = RunningIngest.config(kafka.bootstrapServers(), mosquitto.port(), app, app, filter, edit);
        root.withArray("mqtt_brokers").add(RunningIngest.broker(other));
        return root;
    }

    private ObjectNode with(String filter) {
        return with(filter, root -> {});
    }

    private void publish(String... topics) {
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            for (String topic : topics) {
                publisher.send(topic, 1);
            }
            publisher.flush();
        }
    }

    private long connects(String clientId) {
        return mosquitto
                .log()
                .lines()
                .filter(line -> line.contains(" as " + clientId + " "))
                .count();
    }

    /** Publishes to the steady route during an action; every acknowledged message must be stored once. */
    private void underTraffic(Runnable happening) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        int[] sent = {0};
        Thread traffic = new Thread(() -> {
            try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
                while (!over.get()) {
                    publisher.send("steady/" + sent[0]++, 1);
                    publisher.flush();
                }
            }
        });
        traffic.start();
        try {
            happening.run();
        } finally {
            over.set(true);
            traffic.join();
        }
        assertThat(ofSteady.messages(sent[0]))
                .extracting(RelayMessage::topic)
                .doesNotHaveDuplicates()
                .hasSize(sent[0]);
        assertThat(connects(steady)).isEqualTo(1);
    }

    @Test
    void aRouteComesAndGoesAndComesBackToItsSession() throws InterruptedException {
        try (RunningIngest ingest = RunningIngest.start(alone()).awaitReady()) {
            underTraffic(() -> {
                ingest.reload(with("new/#"));
                await().atMost(PATIENCE).until(() -> mosquitto.log().contains("SUBACK to " + app));
                ingest.awaitReady();
                publish("new/1");
                assertThat(stored.messages(1)).extracting(RelayMessage::topic).containsExactly("new/1");

                ingest.reload(alone());
                await().atMost(PATIENCE).until(() -> mosquitto.log().contains("DISCONNECT from " + app));
                await().atMost(PATIENCE)
                        .until(() -> ingest.meters().stream()
                                .noneMatch(meter -> meter.startsWith("relay_ingest_connected") && meter.contains(app)));
                assertThat(ingest.ready().statusCode()).isEqualTo(200);
                publish("new/queued");

                ingest.reload(with("new/#"));
                assertThat(stored.messages(2))
                        .extracting(RelayMessage::topic)
                        .containsExactlyInAnyOrder("new/1", "new/queued");
                assertThat(connects(app)).isEqualTo(2);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void filtersChangeOnTheConnectionThatStands(int version) throws InterruptedException {
        Consumer<ObjectNode> versioned = root -> RunningIngest.broker(root).put("mqtt_version", version);
        try (RunningIngest ingest =
                RunningIngest.start(with("old/#", versioned)).awaitReady()) {
            underTraffic(() -> {
                publish("old/1");
                ingest.reload(with("new/#", versioned));
                await().atMost(PATIENCE).until(() -> mosquitto.log().contains("UNSUBACK to " + app));
                publish("old/2", "new/1");
                assertThat(stored.messages(2))
                        .extracting(RelayMessage::topic)
                        .containsExactlyInAnyOrder("old/1", "new/1");
                assertThat(connects(app)).isEqualTo(1);
                ingest.awaitReady();
                assertThat(ingest.metric("relay_ingest_dropped_total", "no_filter"))
                        .isZero();
            });
        }
    }

    @Test
    void staysReadyWhenTheSubscribedRouteGoes() {
        ObjectNode only = RunningIngest.config(kafka.bootstrapServers(), mosquitto.port(), app, app, "t/#", root -> {});
        ObjectNode away = RunningIngest.config(
                kafka.bootstrapServers(), LoopbackPorts.free(), steady, steady, "steady/#", root -> {});
        try (RunningIngest ingest = RunningIngest.start(only)) {
            await().atMost(PATIENCE).until(() -> mosquitto.log().contains("SUBACK to " + app));
            publish("t/1");
            stored.messages(1); // before any request for readiness or meters

            ingest.reload(away);
            await().atMost(PATIENCE).until(() -> mosquitto.log().contains("DISCONNECT from " + app));
            await().atMost(PATIENCE)
                    .until(() -> ingest.readiness().body().contains("\"degraded\":[{\"part\":\"mqtt " + steady));
            assertThat(ingest.readiness().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aChangedConnectionReconnectsAndKeepsItsSession() throws InterruptedException {
        try (RunningIngest ingest = RunningIngest.start(with("t/#")).awaitReady()) {
            underTraffic(() -> {
                publish("t/1");
                stored.messages(1);
                ingest.reload(with("t/#", root -> RunningIngest.broker(root).put("alive", 30)));
                publish("t/2");
                await().atMost(PATIENCE).until(() -> connects(app) == 2);
                publish("t/3");
                assertThat(stored.messages(3))
                        .extracting(RelayMessage::topic)
                        .containsExactlyInAnyOrder("t/1", "t/2", "t/3");
                ingest.awaitReady();
                assertThat(ingest.metric("relay_ingest_connected{", app)).isEqualTo(1);
            });
        }
    }

    @Test
    void switchingARouteOffAndOnUnsubscribesAndSubscribes() throws InterruptedException {
        Consumer<ObjectNode> off = root -> RunningIngest.route(root).put("enabled", false);
        try (RunningIngest ingest = RunningIngest.start(with("t/#")).awaitReady()) {
            underTraffic(() -> {
                ingest.reload(with("t/#", off));
                await().atMost(PATIENCE).until(() -> mosquitto.log().contains("UNSUBACK to " + app));
                publish("t/unwanted");
                ingest.reload(with("t/#"));
                await().atMost(PATIENCE)
                        .until(() -> mosquitto
                                        .log()
                                        .lines()
                                        .filter(line -> line.contains("SUBACK to " + app) && !line.contains("UNSUBACK"))
                                        .count()
                                == 2);
                publish("t/wanted");
                assertThat(stored.messages(1)).extracting(RelayMessage::topic).containsExactly("t/wanted");
            });
        }
    }
}
