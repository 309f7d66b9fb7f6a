package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TcpProxy;
import java.net.http.HttpResponse;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Kafka is down for a while or at the start. The test has its own Kafka, because it stops it. */
@RequiresMosquitto
@Execution(ExecutionMode.CONCURRENT) // the tests mostly wait, and share nothing
class KafkaAwayIT {
    private static final String APP = "away";

    private EmbeddedKafka kafka;
    private MosquittoProcess mosquitto;

    @BeforeEach
    void launch() {
        kafka = EmbeddedKafka.launch();
        // not Mosquitto's default of 20 messages in flight, but the client's maximum
        mosquitto = MosquittoProcess.builder().option("max_inflight_messages 0").launch();
    }

    @AfterEach
    void close() {
        mosquitto.close();
        kafka.close();
    }

    private RunningIngest ingest(int mqttPort, Consumer<ObjectNode> edit) {
        return RunningIngest.start(
                RunningIngest.config(kafka.bootstrapServers(), mqttPort, "away", APP, "away/#", edit));
    }

    @Test
    void storesInOrderAndKeepsTheConnectionAfterAKafkaOutage() {
        try (TcpProxy proxy = TcpProxy.to(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = ingest(proxy.port(), root -> {})) {
            ingest.awaitReady();
            publish(publisher, 100, 1);
            kafka.stop();
            publish(publisher, 300, 1);
            ingest.awaitReason("kafka");
            assertNotReadyButAlive(ingest);
            assertThat(ingest.metric("relay_ingest_connected", APP)).isOne();
            kafka.start();

            int duplicates = new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
            ingest.awaitReady();
            new Stored(kafka.bootstrapServers(), APP).assertInOrder(publisher.sent());
            assertThat(duplicates).isZero();
            assertThat(proxy.acceptedConnections()).isOne();
            ingest.awaitNothingUnacked(APP);
        }
    }

    @Test
    void aStartWithoutKafkaWaitsAndSaysSo() {
        kafka.stop();
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = ingest(mosquitto.port(), root -> {})) {
            ingest.awaitReason("kafka");
            ingest.awaitMetric("relay_ingest_connected", APP, 1);
            assertNotReadyButAlive(ingest);
            publish(publisher, 50, 1);
            kafka.start();

            ingest.awaitReady();
            new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
        }
    }

    @Test
    void beyondMaxUnackedTheSocketIsNotReadUntilKafkaIsBack() {
        try (TcpProxy proxy = TcpProxy.to(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest =
                        ingest(proxy.port(), root -> root.putObject("ingest").put("max_unacked", "1MB"))) {
            ingest.awaitReady();
            kafka.stop();
            for (int i = 0; i < 400; i++) {
                publisher.send("away/" + i % 3, 1, TestMessage.next(10_000).payload());
            }
            publisher.flush();
            ingest.awaitMetric("relay_ingest_unacked_bytes", "", 1_000_000);
            ingest.awaitReason("max_unacked");
            assertThat(ingest.metric("relay_ingest_unacked_bytes", "")).isLessThan(1024 * 1024 + 70_000);
            assertThat(ingest.metric("relay_ingest_connected", APP)).isOne();
            kafka.start();

            int duplicates = new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
            assertThat(duplicates).isZero();
            assertThat(proxy.acceptedConnections()).isOne();
            ingest.awaitReady();
            new Stored(kafka.bootstrapServers(), APP).assertInOrder(publisher.sent());
            ingest.awaitNothingUnacked(APP);
            assertThat(ingest.metric("relay_ingest_unacked_bytes", "")).isZero();
        }
    }

    @Test
    void aCutDuringAKafkaOutageAddsNoDuplicates() {
        try (TcpProxy proxy = TcpProxy.to(mosquitto.port());
                MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = ingest(proxy.port(), root -> {})) {
            ingest.awaitReady();
            publish(publisher, 10, 1);
            new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
            ingest.awaitNothingUnacked(APP);
            kafka.stop();
            publish(publisher, 20, 1);
            ingest.awaitMetric("relay_ingest_unacked{", APP, 20);
            proxy.reset();
            ingest.awaitReason("mqtt away");
            assertThat(ingest.metric("relay_ingest_unacked{", APP)).isLessThanOrEqualTo(20);
            assertThat(proxy.acceptedConnections()).isLessThanOrEqualTo(2);
            kafka.start();

            int duplicates = new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
            assertThat(duplicates).isLessThanOrEqualTo(20);
            publish(publisher, 20, 1);
            new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
            ingest.awaitReady();
        }
    }

    @Test
    void aFloodOfQos0DoesNotDisturbQos1() {
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port());
                MqttPublisher flood = new MqttPublisher(mosquitto.port());
                RunningIngest ingest = ingest(
                        mosquitto.port(), root -> root.putObject("ingest").put("max_unacked", "2MB"))) {
            ingest.awaitReady();
            kafka.stop();
            for (int i = 0; i < 3000; i++) {
                flood.send("away/flood", 0, new byte[1000]);
            }
            publish(publisher, 200, 1);
            ingest.awaitMetric("relay_ingest_dropped_total", "qos0_overload", 1000);
            assertThat(ingest.metric("relay_ingest_connected", APP)).isOne();
            kafka.start();

            new Stored(kafka.bootstrapServers(), APP).awaitAll(publisher.acknowledged());
            ingest.awaitReady();
        }
    }

    private static void assertNotReadyButAlive(RunningIngest ingest) {
        HttpResponse<String> readiness = ingest.readiness();
        assertThat(readiness.statusCode()).as(readiness.body()).isEqualTo(503);
        assertThat(readiness.body()).contains("\"part\":\"kafka\"");
        assertThat(ingest.live().statusCode()).isEqualTo(200);
    }

    private static void publish(MqttPublisher publisher, int count, int qos) {
        for (int i = 0; i < count; i++) {
            publisher.send("away/" + i % 3, qos);
        }
        publisher.flush();
    }
}
