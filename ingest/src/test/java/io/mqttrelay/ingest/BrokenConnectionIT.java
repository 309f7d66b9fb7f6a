package io.mqttrelay.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that break, and brokers that are down for a while. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class BrokenConnectionIT {
    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("broken");

    BrokenConnectionIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    private ObjectNode config(int mqttPort, Consumer<ObjectNode> edit) {
        return RunningIngest.config(kafka.bootstrapServers(), mqttPort, app, app, "cut/#", edit);
    }

    @ParameterizedTest
    @CsvSource({"5,1", "5,2", "3,1", "3,2"})
    void nothingIsLostWhenTheConnectionIsCutAgainAndAgain(int version, int qos) {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                TcpProxy proxy = TcpProxy.to(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = RunningIngest.start(config(proxy.port(), root -> {
                    RunningIngest.broker(root).put("mqtt_version", version);
                    ((ObjectNode) RunningIngest.route(root).get("subTopic")).put("qos", qos);
                }))) {
            ingest.awaitReady();
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 200; i++) {
                    publisher.send("cut/" + i % 3, qos);
                }
                proxy.reset();
            }
            publisher.flush();

            new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
            ingest.awaitReady();
            assertThat(ingest.metric("relay_ingest_sessions_lost_total", app)).isZero();
        }
    }

    @Test
    void givesUpADeadConnectionAfterTheKeepAlive() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                TcpProxy proxy = TcpProxy.to(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = RunningIngest.start(
                        config(proxy.port(), root -> RunningIngest.broker(root).put("alive", 1)))) {
            ingest.awaitReady();
            proxy.blackHole();
            for (int i = 0; i < 50; i++) {
                publisher.send("cut/x", 1);
            }
            publisher.flush();
            ingest.awaitReason("mqtt " + app);

            proxy.reset();
            proxy.pass();
            new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
        }
    }

    @Test
    void aBrokerThatKeepsItsSessionsLosesNothingByARestart() {
        try (MosquittoProcess mosquitto =
                        MosquittoProcess.builder().persistence().launch();
                RunningIngest ingest = RunningIngest.start(config(mosquitto.port(), root -> {}))) {
            ingest.awaitReady();
            List<Sent> acknowledged = publish(mosquitto.port(), 300);
            mosquitto.stop();
            ingest.awaitReason("mqtt " + app);
            mosquitto.start();
            ingest.awaitReady();
            acknowledged.addAll(publish(mosquitto.port(), 10));
            new Stored(kafka.bootstrapServers(), app).awaitAll(acknowledged);
            assertThat(ingest.metric("relay_ingest_sessions_lost_total", app)).isZero();
        }
    }

    private static List<Sent> publish(int mqttPort, int count) {
        try (MqttPublisher publisher = new MqttPublisher(mqttPort)) {
            for (int i = 0; i < count; i++) {
                publisher.send("cut/" + i % 3, 1);
            }
            return new ArrayList<>(publisher.flush().acknowledged());
        }
    }

    @Test
    void aBrokerThatForgotTheSessionIsReportedOnce() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch();
                RunningIngest ingest = RunningIngest.start(config(mosquitto.port(), root -> {}))) {
            ingest.awaitReady();
            mosquitto.stop();
            mosquitto.start();
            ingest.awaitMetric("relay_ingest_sessions_lost_total", app, 1);
            ingest.awaitReady();
            assertThat(ingest.metric("relay_ingest_sessions_lost_total", app)).isOne();
            try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
                publisher.send("cut/after", 1);
                publisher.flush();
                new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
            }
        }
    }

    @Test
    void aSessionThatIsLostWhileIngestIsDownIsReported() {
        try (MosquittoProcess mosquitto = MosquittoProcess.launch()) {
            RunningIngest before =
                    RunningIngest.start(config(mosquitto.port(), root -> {})).awaitReady();
            assertThat(before.metric("relay_ingest_sessions_lost_total", app)).isZero();
            KafkaRecords kafkaRecords = new KafkaRecords(kafka.bootstrapServers());
            kafkaRecords.await(
                    "relay._sessions",
                    records -> records.stream().anyMatch(record -> new String(record.key(), UTF_8).equals(app)),
                    "the session",
                    Duration.ofSeconds(20));
            before.close();
            mosquitto.stop();
            mosquitto.start();
            try (RunningIngest ingest = RunningIngest.start(config(mosquitto.port(), root -> {}))) {
                ingest.awaitMetric("relay_ingest_sessions_lost_total", app, 1);
            }
        }
    }

    @Test
    void theNextAddressIsTriedWhenOneIsDown() {
        try (MosquittoProcess first = MosquittoProcess.launch();
                MosquittoProcess second = MosquittoProcess.launch();
                RunningIngest ingest = RunningIngest.start(config(first.port(), root -> {
                    ObjectNode broker = RunningIngest.broker(root);
                    broker.remove("broker_ip");
                    broker.remove("broker_port");
                    broker.putArray("broker_addresses")
                            .add("127.0.0.1:" + first.port())
                            .add("127.0.0.1:" + second.port());
                }))) {
            ingest.awaitReady();
            first.stop();
            ingest.awaitMetric("relay_ingest_sessions_lost_total", app, 1); // another broker, another session
            ingest.awaitReady();
            try (MqttPublisher publisher = new MqttPublisher(second.port())) {
                publisher.send("cut/second", 1);
                publisher.flush();
                new Stored(kafka.bootstrapServers(), app).awaitAll(publisher.acknowledged());
            }
        }
    }
}
