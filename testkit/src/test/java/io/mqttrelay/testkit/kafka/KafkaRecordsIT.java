package io.mqttrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBrokers.class)
class KafkaRecordsIT {
    @Test
    void readsAllPartitionsOfATopic(EmbeddedKafka kafka) throws Exception {
        String topic = TestTopics.create(kafka.bootstrapServers(), TestTopics.uniqueName("read"), 3, Map.of());
        send(kafka, topic, 30);
        assertThat(new KafkaRecords(kafka.bootstrapServers()).all(topic))
                .hasSize(30)
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .contains("v0", "v29");
    }

    @Test
    void readsAnEmptyTopicAtOnce(EmbeddedKafka kafka) {
        String topic = TestTopics.create(kafka.bootstrapServers(), TestTopics.uniqueName("empty"), 1, Map.of());
        assertThat(new KafkaRecords(kafka.bootstrapServers()).all(topic)).isEmpty();
    }

    @Test
    void waitsForRecordsAndFailsWhenThereAreTooFew(EmbeddedKafka kafka) throws Exception {
        String topic = TestTopics.create(kafka.bootstrapServers(), TestTopics.uniqueName("await"), 1, Map.of());
        KafkaRecords records = new KafkaRecords(kafka.bootstrapServers());
        send(kafka, topic, 2);
        assertThat(records.await(topic, 2, Duration.ofSeconds(10))).hasSize(2);
        assertThatThrownBy(() -> records.await(topic, 3, Duration.ofMillis(500)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 records");
    }

    @Test
    void readsTheOffsetsOfAGroup(EmbeddedKafka kafka) throws Exception {
        String topic = TestTopics.create(kafka.bootstrapServers(), TestTopics.uniqueName("offsets"), 1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        KafkaRecords records = new KafkaRecords(kafka.bootstrapServers());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets("g-" + topic, Map.of(partition, new OffsetAndMetadata(7, "meta")))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        assertThat(records.committed("g-" + topic).get(partition).offset()).isEqualTo(7);
        assertThat(records.committed("nobody-" + topic)).isEmpty();
    }

    @Test
    void everyTestGetsTheSameKafka(EmbeddedKafka one, EmbeddedKafka other) {
        assertThat(one).isSameAs(other);
        assertThat(List.of(TestTopics.uniqueName("a"), TestTopics.uniqueName("a")))
                .doesNotHaveDuplicates();
    }

    private static void send(EmbeddedKafka kafka, String topic, int count) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i)).get(20, TimeUnit.SECONDS);
            }
        }
    }
}
