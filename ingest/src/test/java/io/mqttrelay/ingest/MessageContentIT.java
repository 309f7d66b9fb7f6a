package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A message's content arrives unchanged; a message that is too large for Kafka becomes a dead letter. */
@ExtendWith(SharedBrokers.class)
class MessageContentIT {
    private final EmbeddedKafka kafka;
    private final EmbeddedMqtt mqtt;
    private final String app = TestTopics.uniqueName("content");
    private final Stored stored;
    private RunningIngest ingest;
    private MqttPublisher publisher;

    MessageContentIT(EmbeddedKafka kafka, EmbeddedMqtt mqtt) {
        this.kafka = kafka;
        this.mqtt = mqtt;
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    @BeforeEach
    void start() {
        ingest = RunningIngest.start(
                        RunningIngest.config(kafka.bootstrapServers(), mqtt.port(), app, app, app + "/#", root -> {}))
                .awaitReady();
        publisher = new MqttPublisher(mqtt.port());
    }

    @AfterEach
    void stop() {
        publisher.close();
        ingest.close();
    }

    @Test
    void everyPropertyOfMqtt5IsKept() {
        long before = System.currentTimeMillis();
        publisher.send(Mqtt5Publish.builder()
                .topic(app + "/a/ä€😀")
                .qos(MqttQos.EXACTLY_ONCE)
                .payload(new byte[] {0, -1, 127})
                .contentType("application/x-reading")
                .messageExpiryInterval(120)
                .responseTopic("answers/here")
                .correlationData(new byte[] {9, 0, -9})
                .userProperties()
                .add("b", "1")
                .add("a=b", "2%")
                .add("b", "")
                .applyUserProperties()
                .build());

        RelayMessage message = stored.messages(1).get(0);
        assertThat(message.topic()).isEqualTo(app + "/a/ä€😀");
        assertThat(message.payload()).containsExactly(0, -1, 127);
        assertThat(message.contentType()).isEqualTo("application/x-reading");
        assertThat(message.responseTopic()).isEqualTo("answers/here");
        assertThat(message.correlationData()).containsExactly(9, 0, -9);
        assertThat(message.userProperties())
                .containsExactly(new UserProperty("b", "1"), new UserProperty("a=b", "2%"), new UserProperty("b", ""));
        assertThat(message.receivedAt()).isBetween(before, System.currentTimeMillis());
        assertThat(message.expiresAt()).isBetween(message.receivedAt() + 115_000, message.receivedAt() + 120_000);
        assertThat(message.id()).doesNotContain(".");
    }

    @Test
    void anEmptyPayloadIsAnEmptyValue() {
        publisher.send(app + "/empty", 1, new byte[0]);
        assertThat(stored.await(1))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isNotNull().isEmpty());
    }

    @Test
    void aRecordIsDatedWhenItIsWritten() {
        long before = System.currentTimeMillis();
        publisher.send(app + "/now", 1);
        assertThat(stored.await(1).get(0).timestamp()).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void aTooLargeMessageIsADeadLetterAndBlocksNoOther() {
        byte[] large = incompressible(1_500_000); // above the topic's limit: the broker refuses it
        byte[] huge = incompressible(17 * 1024 * 1024); // above the client's limit, too
        publisher.send(app + "/before", 1);
        publisher.send(app + "/large", 1, large);
        publisher.send(app + "/huge", 1, huge);
        publisher.send(app + "/after", 1);

        List<RelayMessage> passed = stored.messages(2);
        assertThat(passed).extracting(RelayMessage::topic).containsExactlyInAnyOrder(app + "/before", app + "/after");
        List<ConsumerRecord<byte[], byte[]>> dead = stored.awaitDead(2);
        ConsumerRecord<byte[], byte[]> letter = dead.stream()
                .filter(record -> header(record, "mqtt-topic").endsWith("/large"))
                .findFirst()
                .orElseThrow();
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("too_large");
        assertThat(header(letter, "relay-payload-size")).isEqualTo("1500000");
        assertThat(header(letter, "relay-payload-sha256")).isEqualTo(TestMessage.sha256(large));
        assertThat(letter.value()).isEqualTo(Arrays.copyOf(large, 64 * 1024));
        assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo(header(letter, "relay-id") + "|");
        ingest.awaitMetric("relay_ingest_dropped_total", "too_large", 2);
        publisher.flush();
        ingest.awaitNothingUnacked(app);
    }

    @Test
    void userPropertiesWithoutEndBecomeADeadLetter() {
        var properties = Mqtt5Publish.builder()
                .topic(app + "/wordy")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("kept".getBytes(StandardCharsets.UTF_8))
                .userProperties();
        for (int i = 0; i < 20; i++) {
            properties = properties.add("name" + i, "v".repeat(1000));
        }
        publisher.send(properties.applyUserProperties().build());

        ConsumerRecord<byte[], byte[]> letter = stored.awaitDead(1).get(0);
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("too_large");
        assertThat(header(letter, "relay-dead-error"))
                .contains("MQTT properties")
                .contains("16384");
        assertThat(letter.value()).asString(StandardCharsets.UTF_8).isEqualTo("kept");
        assertThat(letter.headers().headers("mqtt-user-property")).hasSizeBetween(10, 16);
    }

    private static byte[] incompressible(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
