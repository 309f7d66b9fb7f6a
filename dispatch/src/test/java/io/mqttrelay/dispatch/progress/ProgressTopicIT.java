package io.mqttrelay.dispatch.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Progress records in a real topic: each is found at its partition and offset, and nothing else is taken for it. */
@ExtendWith(SharedBrokers.class)
final class ProgressTopicIT {
    private static final byte[] VALUE = {1, 2, 3};

    private final EmbeddedKafka kafka;
    private final String name = TestTopics.uniqueName("progress");
    private final ProgressTopic topic;

    ProgressTopicIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        Map<String, Object> servers = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        this.topic = new ProgressTopic(
                name,
                this::isThere,
                new ProgressTopic.Clients(
                        () -> new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer()),
                        () -> new KafkaConsumer<>(
                                Map.of(
                                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                        kafka.bootstrapServers(),
                                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                        "none"),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())));
    }

    @AfterEach
    void close() throws InterruptedException {
        topic.close();
    }

    private boolean isThere(boolean create) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            boolean there = admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(name);
            if (!there && create) {
                admin.createTopics(List.of(new NewTopic(name, 2, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            return there || create;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new KafkaException(e);
        }
    }

    private <T> T answer(CompletableFuture<T> asked) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!asked.isDone()) {
            topic.step();
            assertThat(System.nanoTime()).as("no answer").isLessThan(deadline);
        }
        return asked.join();
    }

    @Test
    void findsARecordAtItsPlace() throws InterruptedException {
        ProgressStore.Place first = answer(topic.write("t/0/1", VALUE));
        ProgressStore.Place second = answer(topic.write("t/0/2", "other".getBytes(StandardCharsets.UTF_8)));

        assertThat(answer(topic.read("t/0/1", first))).isEqualTo(VALUE);
        assertThat(answer(topic.read("t/0/2", second))).asString().isEqualTo("other");
    }

    @Test
    void findsNothingUnderAnotherKeyOrAtAnotherPlace() throws InterruptedException {
        ProgressStore.Place place = answer(topic.write("t/0/1", VALUE));

        assertThat(answer(topic.read("t/0/9", place))).isNull();
        assertThat(answer(topic.read("t/0/1", new ProgressStore.Place(place.partition(), place.offset() + 1000))))
                .isNull();
        assertThat(answer(topic.read("t/0/1", new ProgressStore.Place(7, 0)))).isNull();
    }

    @Test
    void readsATombstoneAsNoRecord() throws InterruptedException {
        ProgressStore.Place place = answer(topic.write("t/0/1", VALUE));
        topic.delete("t/0/1");
        answer(topic.write("t/0/2", VALUE));

        assertThat(answer(topic.read("t/0/1", new ProgressStore.Place(place.partition(), place.offset() + 1))))
                .isNull();
    }

    @Test
    void readingCreatesNoTopic() throws InterruptedException {
        assertThat(answer(topic.read("t/0/1", new ProgressStore.Place(0, 0)))).isNull();
        assertThat(isThere(false)).isFalse();
    }
}
