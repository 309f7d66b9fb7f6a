package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.record.Decoded;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class FirstMessageIT {
    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("first");

    FirstMessageIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    @ParameterizedTest
    @CsvSource({"5,0", "5,1", "5,2", "3,0", "3,1", "3,2"})
    void aMessageOfEveryQosAndVersionBecomesARecord(int version, int qos) {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                RunningIngest ingest = RunningIngest.start(RunningIngest.config(
                        kafka.bootstrapServers(), mosquitto.port(), "first", app, "plant/+/temp", root -> {
                            RunningIngest.broker(root).put("mqtt_version", version);
                            ((ObjectNode) RunningIngest.route(root).get("subTopic")).put("qos", 2);
                        }));
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            ingest.awaitReady();
            Sent sent = publisher.send("plant/1/temp", qos);
            publisher.flush();

            List<ConsumerRecord<byte[], byte[]>> records =
                    new KafkaRecords(kafka.bootstrapServers()).await("relay." + app, 1, Duration.ofSeconds(20));

            assertThat(records).singleElement().satisfies(record -> {
                assertThat(Sent.of("plant/1/temp", record.value())).isEqualTo(sent);
                assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(app + "/plant/1/temp");
                RelayMessage message = ((Decoded.Message) new RecordCodec().decode(record)).message();
                assertThat(message.qos()).isEqualTo(qos);
                assertThat(message.clientId()).isEqualTo("first");
                assertThat(message.retain()).isFalse();
            });
            ingest.awaitMetric("relay_ingest_stored_total", app, 1);
        }
    }

    @Test
    void aRouteThatGoesAwayLeavesTheServiceReady() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch()) {
            mosquitto.stop();
            try (RunningIngest ingest = RunningIngest.start(RunningIngest.config(
                    kafka.bootstrapServers(), mosquitto.port(), "late", app, "plant/#", root -> {}))) {
                ingest.awaitReason("mqtt late");
                assertThat(ingest.metric("relay_ingest_connected", app)).isZero();
                assertThat(ingest.readiness().statusCode()).isEqualTo(503);
                assertThat(ingest.readiness().body()).contains("no route has been subscribed since the start");

                mosquitto.start();
                ingest.awaitReady();
                assertThat(ingest.metric("relay_ingest_connected", app)).isOne();
                assertThat(ingest.readiness().body()).isEqualTo("{\"status\":\"ready\"}");

                mosquitto.stop();
                ingest.awaitReason("mqtt late");
                assertThat(ingest.readiness().statusCode()).isEqualTo(200);
                assertThat(ingest.readiness().body()).contains("\"degraded\":[{\"part\":\"mqtt late\"");
            }
        }
    }
}
