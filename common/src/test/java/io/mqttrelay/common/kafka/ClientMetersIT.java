package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Metrics of Kafka's clients are meters while the clients exist, and more topics add no meters. */
@Timeout(60)
@ExtendWith(SharedBrokers.class)
class ClientMetersIT {
    private static final String SENT = "kafka.producer.record.send.total";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KafkaClients clients;

    ClientMetersIT(EmbeddedKafka kafka) throws Exception {
        clients = new KafkaClients(
                new KafkaSettings(
                        kafka.bootstrapServers(),
                        "meters",
                        1,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        Map.of(),
                        Map.of(),
                        Map.of()),
                "test",
                registry);
    }

    @Test
    void everyClientIsSeenAndNoTopicIs() throws Exception {
        try (Admin admin = clients.admin("setup");
                Producer<byte[], byte[]> producer = clients.producer("writer");
                Consumer<byte[], byte[]> consumer = clients.reader("reader", 1 << 20, Duration.ofMillis(100))) {
            admin.createTopics(List.of(new NewTopic("meters-1", 1, (short) 1), new NewTopic("meters-2", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            send(producer, "meters-1");
            Set<Meter.Id> meters = ids();
            send(producer, "meters-2");
            consumer.assign(List.of(new TopicPartition("meters-1", 0), new TopicPartition("meters-2", 0)));
            int read = 0;
            while (read < 2) {
                read += consumer.poll(Duration.ofMillis(100)).count();
            }

            assertThat(ids()).isEqualTo(meters).allSatisfy(id -> {
                assertThat(id.getTags())
                        .singleElement()
                        .satisfies(tag -> assertThat(tag.getKey()).isEqualTo("client_id"));
                assertThat(id.getDescription()).isNotBlank();
            });
            assertThat(value(SENT)).isEqualTo(2);
            assertThat(value("kafka.consumer.fetch.manager.records.consumed.total"))
                    .isEqualTo(2);
            assertThat(value("kafka.admin.client.connection.count")).isPositive();
        }
        assertThat(ids()).isEmpty();
    }

    @Test
    void aClientMadeAnewTakesThePlaceOfTheOneBefore() throws Exception {
        try (Admin admin = clients.admin("again")) {
            admin.createTopics(List.of(new NewTopic("meters-again", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        Producer<byte[], byte[]> first = clients.producer("same");
        send(first, "meters-again");
        send(first, "meters-again");
        try (Producer<byte[], byte[]> second = clients.producer("same")) {
            send(second, "meters-again");
            assertThat(value(SENT)).isOne();
            first.close();
            assertThat(value(SENT)).isOne();
        }
        assertThat(ids()).isEmpty();
    }

    private static void send(Producer<byte[], byte[]> producer, String topic) throws Exception {
        producer.send(new ProducerRecord<>(topic, new byte[] {1})).get(20, TimeUnit.SECONDS);
    }

    private Set<Meter.Id> ids() {
        return registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
    }

    private double value(String name) {
        return registry.get(name).meter().measure().iterator().next().getValue();
    }
}
