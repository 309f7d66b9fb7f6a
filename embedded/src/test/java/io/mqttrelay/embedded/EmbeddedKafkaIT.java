package io.mqttrelay.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    @Test
    void takesRecordsAndGivesThemToAGroup() throws Exception {
        long before = System.nanoTime();
        try (EmbeddedKafka kafka = EmbeddedKafka.launch()) {
            System.out.println("embedded Kafka started in "
                    + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms");
            createTopic(kafka, "readings");
            send(kafka, "readings", "21.5");
            assertThat(consume(kafka, "readings", 1)).containsExactly("21.5");
            before = System.nanoTime();
        }
        System.out.println("embedded Kafka stopped in "
                + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms");
    }

    @Test
    void aRestartKeepsPortRecordsAndPositions() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.launch()) {
            createTopic(kafka, "readings");
            send(kafka, "readings", "before");
            assertThat(consume(kafka, "readings", 1)).containsExactly("before");
            String address = kafka.bootstrapServers();

            kafka.stop();
            kafka.start();

            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            send(kafka, "readings", "after");
            assertThat(consume(kafka, "readings", 1)).containsExactly("after");
        }
    }

    @Test
    void aGivenFolderIsOpenedAgainByAnotherServer(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().data(folder).launch()) {
            createTopic(kafka, "readings");
            send(kafka, "readings", "kept");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().data(folder).launch()) {
            assertThat(consume(kafka, "readings", 1)).containsExactly("kept");
        }
        assertThat(folder).isNotEmptyDirectory();
    }

    @Test
    void closingDeletesTheTemporaryFolderAndFreesThePort() {
        EmbeddedKafka kafka = EmbeddedKafka.launch();
        Path folder = kafka.data();
        assertThat(folder).isNotEmptyDirectory();
        kafka.close();
        assertThat(Files.exists(folder)).isFalse();
        assertThat(LoopbackPorts.isFree(kafka.port())).isTrue();
    }

    @Test
    void topicsAreNotMadeByAccident() {
        try (EmbeddedKafka kafka = EmbeddedKafka.launch();
                Admin admin = admin(kafka)) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("nobody-made-it"))
                            .allTopicNames()
                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void aTakenPortIsSaidAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() ->
                            EmbeddedKafka.builder().port(taken.getLocalPort()).launch())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static void createTopic(EmbeddedKafka kafka, String name) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
        }
    }

    private static void send(EmbeddedKafka kafka, String topic, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(EmbeddedKafka kafka, String topic, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "group.id", "readers", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            consumer.commitSync();
            return values;
        }
    }
}
