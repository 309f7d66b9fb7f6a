package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker queues while ingest is away, and delivers directly after CONNACK. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class OfflineBacklogIT {
    private final EmbeddedKafka kafka;
    private final EmbeddedMqtt hiveMq;
    private final String app = TestTopics.uniqueName("offline");

    OfflineBacklogIT(EmbeddedKafka kafka, EmbeddedMqtt hiveMq) {
        this.kafka = kafka;
        this.hiveMq = hiveMq;
    }

    @ParameterizedTest
    @CsvSource({"5,65535", "3,65535"})
    void aBacklogOfMosquittoArrivesOnce(int version, int receiveMaximum) {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch()) {
            queueAndFetch(mosquitto.port(), version, receiveMaximum);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 65535})
    void aBacklogOfHiveMqArrivesOnceAtAnyReceiveMaximum(int receiveMaximum) {
        queueAndFetch(hiveMq.port(), 5, receiveMaximum);
    }

    private void queueAndFetch(int mqttPort, int version, int receiveMaximum) {
        ObjectNode config = RunningIngest.config(
                kafka.bootstrapServers(),
                mqttPort,
                app,
                app,
                app + "/#",
                root -> RunningIngest.broker(root).put("mqtt_version", version).put("receive_maximum", receiveMaximum));
        Stored stored = new Stored(kafka.bootstrapServers(), app);
        try (MqttPublisher publisher = new MqttPublisher(mqttPort)) {
            RunningIngest.start(config).awaitReady().close();
            for (int i = 0; i < 900; i++) {
                publisher.send(app + "/" + i % 7, 1);
            }
            publisher.flush();

            try (RunningIngest ingest = RunningIngest.start(config)) {
                int duplicates = stored.awaitAll(publisher.acknowledged());
                ingest.awaitMetric("relay_ingest_stored_total", app, 900);
                assertThat(duplicates).isZero();
                stored.assertInOrder(publisher.sent());
            }
        }
    }
}
