package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.PublishPacket;
import io.mqttrelay.testkit.mqtt.RawPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Invalid packets that a real broker passes on to its subscribers. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class UnreadableIT {
    private static final int RESPONSE_TOPIC = 8;

    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("unreadable");
    private final Stored stored;

    UnreadableIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    @Test
    void eachBecomesADeadLetterInItsTurn() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                RawPublisher raw = new RawPublisher(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = RunningIngest.start(RunningIngest.config(
                                kafka.bootstrapServers(), mosquitto.port(), app, app, "u/#", root -> {
                                    RunningIngest.route(root)
                                            .withObject("/subTopic")
                                            .put("qos", 2);
                                }))
                        .awaitReady()) {
            for (int qos = 0; qos <= 2; qos++) {
                publisher.send("u/good", 1);
                publisher.flush();
                raw.send(packet("u/rt", qos).property(RESPONSE_TOPIC, "a/#").packet(true, "payload"));
                raw.send(packet("u/empty", qos).property(RESPONSE_TOPIC, "").packet(true, "payload"));
            }
            publisher.send("u/good", 1);
            publisher.flush();

            stored.awaitAll(publisher.acknowledged());
            List<ConsumerRecord<byte[], byte[]>> dead = stored.awaitDead(6);
            assertThat(dead).hasSize(6);
            for (ConsumerRecord<byte[], byte[]> record : dead) {
                DeadLetterEntry entry = new RecordCodec().decodeDead(record);
                assertThat(entry.reason()).isEqualTo(DeadReason.UNDECODABLE);
                assertThat(entry.error()).isEqualTo("the response topic is malformed");
                assertThat(entry.topic()).isIn("u/rt", "u/empty");
                assertThat(record.value()).asString().isEqualTo("payload");
            }
            ingest.awaitNothingUnacked(app);
            assertThat(ingest.metric("relay_ingest_undecodable_total", app)).isEqualTo(6);
            assertThat(ingest.metric("relay_ingest_connections_total", app))
                    .as("never disconnected")
                    .isOne();
        }
    }

    @Test
    void aLargeOneKeepsItsPayload() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                RawPublisher raw = new RawPublisher(mosquitto.port());
                RunningIngest ingest = RunningIngest.start(RunningIngest.config(
                                kafka.bootstrapServers(), mosquitto.port(), app, app, "u/#", root -> {}))
                        .awaitReady()) {
            String payload = "x".repeat(1_000_000);
            raw.send(packet("u/rt", 1).property(RESPONSE_TOPIC, "a/#").packet(true, payload));
            assertThat(stored.awaitDead(1))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).asString().isEqualTo(payload));
            ingest.awaitNothingUnacked(app);
        }
    }

    private static PublishPacket packet(String topic, int qos) {
        return new PublishPacket().topic(topic).qos(qos, 1 + qos);
    }
}
