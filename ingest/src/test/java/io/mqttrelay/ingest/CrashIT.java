package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TcpProxy;
import io.mqttrelay.testkit.net.TcpProxy.Direction;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An ingest that crashes. The broker sees a connection that ends with acknowledgements in flight, and then a new
 * client with the same client id and no state.
 */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class CrashIT {
    /**
     * Fewer than the 20 that Mosquitto has in flight by default, so that all are delivered before one is
     * acknowledged.
     */
    private static final int HELD = 15;

    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("crash");
    private final Stored stored;
    private MosquittoProcess mosquitto;
    private TcpProxy proxy;
    private MqttPublisher publisher;

    CrashIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    @BeforeEach
    void launch() {
        mosquitto = MosquittoProcess.launch();
        proxy = TcpProxy.to(mosquitto.port());
        publisher = new MqttPublisher(mosquitto.port());
    }

    @AfterEach
    void close() {
        publisher.close();
        proxy.close();
        mosquitto.close();
    }

    private ObjectNode config(int mqttPort, int version, int qos) {
        return RunningIngest.config(kafka.bootstrapServers(), mqttPort, app, app, "crash/#", root -> {
            RunningIngest.broker(root).put("mqtt_version", version);
            ((ObjectNode) RunningIngest.route(root).get("subTopic")).put("qos", qos);
        });
    }

    private void publish(int count, int qos) {
        for (int i = 0; i < count; i++) {
            publisher.send("crash/" + i % 3, qos);
        }
        publisher.flush();
    }

    /** Cuts its connection, which loses all data in flight, and refuses new connections. */
    private void crash() {
        proxy.refuse();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void unacknowledgedStoredMessagesComeExactlyTwice(int version) {
        try (RunningIngest crashed =
                RunningIngest.start(config(proxy.port(), version, 1)).awaitReady()) {
            proxy.hold(Direction.TO_SERVER);
            publish(HELD, 1);
            stored.await(HELD);
            crash();
            assertThat(crashed.awaitReason("mqtt " + app)).isNotEmpty();

            try (RunningIngest next =
                    RunningIngest.start(config(mosquitto.port(), version, 1)).awaitReady()) {
                stored.await(2 * HELD);
                publish(5, 1);
                assertThat(stored.awaitAll(publisher.acknowledged())).isEqualTo(HELD);
                next.awaitMetric("relay_ingest_stored_total", app, HELD + 5.0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void aQos2MessageAfterItsPubrecDoesNotComeAgain(int version) {
        try (RunningIngest crashed =
                RunningIngest.start(config(proxy.port(), version, 2)).awaitReady()) {
            proxy.hold(Direction.TO_SERVER);
            publish(1, 2);
            stored.await(1);
            awaitWaiting(Direction.TO_SERVER); // PUBREC
            proxy.hold(Direction.TO_CLIENT);
            awaitWaiting(Direction.TO_CLIENT); // PUBREL
            crash();
            assertThat(crashed.awaitReason("mqtt " + app)).isNotEmpty();

            try (RunningIngest next =
                    RunningIngest.start(config(mosquitto.port(), version, 2)).awaitReady()) {
                publish(30, 2); // more than the messages in flight that an unfinished flow leaves free
                assertThat(stored.awaitAll(publisher.acknowledged())).isZero();
                assertThat(next.ready().statusCode()).isEqualTo(200);
            }
        }
    }

    private void awaitWaiting(Direction direction) {
        await(direction.toString()).atMost(Duration.ofSeconds(20)).until(() -> proxy.waits(direction));
    }

    @Test
    void aCrashedSharedGroupMemberLosesNothing() {
        ObjectNode direct = config(mosquitto.port(), 5, 1);
        RunningIngest.broker(direct).put("shared_group", "g");
        ObjectNode proxied = config(proxy.port(), 5, 1);
        RunningIngest.broker(proxied).put("shared_group", "g");
        try (RunningIngest stays = RunningIngest.start(direct, "one").awaitReady();
                RunningIngest crashed = RunningIngest.start(proxied, "two").awaitReady()) {
            publish(50, 1);
            stored.awaitAll(publisher.acknowledged());
            proxy.hold(Direction.TO_SERVER);
            publish(HELD, 1);
            crash();
            double before = stays.metric("relay_ingest_stored_total", app);
            publish(50, 1);
            stays.awaitMetric("relay_ingest_stored_total", app, before + 1);
            assertThat(crashed.awaitReason("mqtt " + app)).isNotEmpty();

            try (RunningIngest again = RunningIngest.start(direct, "two").awaitReady()) {
                assertThat(stored.awaitAll(publisher.acknowledged())).isLessThanOrEqualTo(HELD);
                assertThat(again.ready().statusCode()).isEqualTo(200);
            }
        }
    }
}
