package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As fast as the broker delivers, over one connection. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class BurstIT {
    private static final int MESSAGES = 50_000;
    private static final int TOPICS = 10_000;

    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("burst");

    BurstIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    @Test
    void aBurstIsStoredOnceAndInOrder() {
        try (MosquittoProcess mosquitto = MosquittoProcess.builder()
                        .option("max_inflight_messages 0")
                        .launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = RunningIngest.start(RunningIngest.config(
                                kafka.bootstrapServers(), mosquitto.port(), app, app, "burst/#", root -> {}))
                        .awaitReady()) {
            publisher.send("burst/0", 1);
            publisher.flush();
            ingest.awaitMetric("relay_ingest_stored_total", app, 1);
            List<String> meters = ingest.meters();
            for (int i = 1; i < MESSAGES; i++) {
                publisher.send("burst/" + i % TOPICS, 1);
            }
            publisher.flush(Duration.ofSeconds(60));

            Stored stored = new Stored(kafka.bootstrapServers(), app);
            assertThat(stored.awaitAll(publisher.acknowledged()))
                    .as("duplicates")
                    .isZero();
            stored.assertInOrder(publisher.sent());
            ingest.awaitMetric("relay_ingest_stored_total", app, MESSAGES);
            assertThat(ingest.metric("relay_ingest_unacked_bytes", "")).isZero();
            assertThat(ingest.meters()).as("meters do not grow with topics").isEqualTo(meters);
        }
    }
}
