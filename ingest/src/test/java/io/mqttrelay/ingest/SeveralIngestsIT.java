package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ingests: with one client id by mistake, or in a shared group. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class SeveralIngestsIT {
    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("several");

    SeveralIngestsIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void twoIngestsWithOneClientIdReportItAndDoNotFight(int version) {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                TcpProxy proxy = TcpProxy.to(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            ObjectNode config = RunningIngest.config(
                    kafka.bootstrapServers(),
                    proxy.port(),
                    "twin",
                    app,
                    "twin/#",
                    root -> RunningIngest.broker(root).put("mqtt_version", version));
            try (RunningIngest first = RunningIngest.start(config).awaitReady();
                    RunningIngest second = RunningIngest.start(config)) {
                first.awaitReason("client id twin");
                second.awaitReason("client id twin");
                for (int i = 0; i < 50; i++) {
                    publisher.send("twin/x", 1);
                }
                publisher.flush();
                new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
                assertThat(proxy.acceptedConnections()).isLessThan(20);
            }
        }
    }

    @Test
    void aSharedGroupSplitsTheMessagesAndOneMembersEndLosesNone() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            ObjectNode config = RunningIngest.config(
                    kafka.bootstrapServers(),
                    mosquitto.port(),
                    "share",
                    app,
                    "share/#",
                    root -> RunningIngest.broker(root).put("shared_group", "g"));
            try (RunningIngest first = RunningIngest.start(config, "one").awaitReady()) {
                RunningIngest second = RunningIngest.start(config, "two").awaitReady();
                publish(publisher, 200);
                new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
                assertThat(first.metric("relay_ingest_stored_total", app)).isGreaterThan(50);
                assertThat(second.metric("relay_ingest_stored_total", app)).isGreaterThan(50);
                publish(publisher, 200);
                second.close();
                publish(publisher, 100);
                try (RunningIngest again = RunningIngest.start(config, "two").awaitReady()) {
                    int duplicates = new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
                    assertThat(duplicates).isZero();
                    assertThat(again.ready().statusCode()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aReplicaThatLeavesKeepsNoShare() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            ObjectNode config = RunningIngest.config(
                    kafka.bootstrapServers(),
                    mosquitto.port(),
                    "share",
                    app,
                    "share/#",
                    root -> RunningIngest.broker(root).put("shared_group", "g").put("shared_leave", true));
            try (RunningIngest first = RunningIngest.start(config, "one").awaitReady()) {
                RunningIngest second = RunningIngest.start(config, "two").awaitReady();
                publish(publisher, 500);
                second.close();
                publish(publisher, 100);
                int duplicates = new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
                assertThat(duplicates).isZero();
                assertThat(first.metric("relay_ingest_connections_total", app)).isOne();
            }
        }
    }

    private static void publish(MqttPublisher publisher, int count) {
        for (int i = 0; i < count; i++) {
            publisher.send("share/" + i % 5, 1);
        }
        publisher.flush();
    }
}
