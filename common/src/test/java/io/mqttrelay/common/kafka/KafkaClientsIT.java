package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaClientsIT {
    private static EmbeddedKafka kafka;
    private static KafkaClients clients;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.launch();
        clients = new KafkaClients(
                new KafkaSettings(
                        kafka.bootstrapServers(),
                        "relay",
                        1,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        Map.of(),
                        Map.of(),
                        Map.of()),
                "test");
        try (Admin admin = clients.admin("setup")) {
            admin.createTopics(List.of(
                            topic("small", 1_048_588), topic("unpacked", 1_048_588), topic("large", 32 * 1024 * 1024)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** A producer that has the topic's metadata, because it never waits for it. */
    private static Producer<byte[], byte[]> messageProducer(long maxUnacked, String topic) {
        Producer<byte[], byte[]> producer = clients.messageProducer("writer", maxUnacked);
        await().atMost(Duration.ofSeconds(20))
                .ignoreException(org.apache.kafka.common.errors.TimeoutException.class)
                .until(() -> !producer.partitionsFor(topic).isEmpty());
        return producer;
    }

    @Test
    void aNameWithoutAnAnswerHidesNoBrokerThatAnswers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        KafkaReach reach = new KafkaReach(
                new KafkaSettings(
                        "hangs:9092," + kafka.bootstrapServers(),
                        "relay",
                        1,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        Map.of(),
                        Map.of(),
                        Map.of()),
                name -> {
                    hang(end);
                    throw new UnknownHostException(name);
                });
        try {
            assertThat(reach.problem(clients)).isNull();
        } finally {
            end.countDown();
        }
    }

    private static void hang(CountDownLatch end) {
        try {
            assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRecordComesOutAsItWentIn() throws Exception {
        byte[] value = random(5000);
        try (Producer<byte[], byte[]> producer = messageProducer(1 << 20, "small");
                Consumer<byte[], byte[]> consumer = clients.consumer("poll", "bytes", OffsetReset.EARLIEST)) {
            producer.send(new ProducerRecord<>("small", new byte[] {1}, value)).get(10, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>("small", new byte[] {2}, new byte[0]))
                    .get(10, TimeUnit.SECONDS);

            consumer.subscribe(List.of("small"));
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (records.size() < 2) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }

            assertThat(records.get(0).value()).isEqualTo(value);
            assertThat(records.get(1).value()).isEmpty();
        }
    }

    /** 40 messages of 15 MB, which have 60 KB in compressed form. */
    @Test
    void aPollBringsOneRecordThatIsLargeUnpacked() throws Exception {
        TopicPartition partition = new TopicPartition("unpacked", 0);
        try (Producer<byte[], byte[]> producer = messageProducer(64 << 20, "unpacked");
                Consumer<byte[], byte[]> consumer = clients.consumer("poll", member("unpacked"), 1 << 20)) {
            byte[] zeros = new byte[15_000_000];
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>(
                                "unpacked", new byte[] {(byte) i}, i % 2 == 0 ? zeros : new byte[10]))
                        .get(20, TimeUnit.SECONDS);
            }
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            List<Long> offsets = new ArrayList<>();
            while (offsets.size() < 20) {
                List<ConsumerRecord<byte[], byte[]>> polled =
                        consumer.poll(Duration.ofMillis(200)).records(partition);
                assertThat(polled.stream()
                                .mapToInt(record -> record.value().length)
                                .sum())
                        .isLessThan(16_000_000);
                polled.forEach(record -> {
                    assertThat(record.serializedValueSize()).isEqualTo(record.value().length);
                    offsets.add(record.offset());
                });
            }
            assertThat(offsets).isSorted().doesNotHaveDuplicates();
        }
    }

    private static KafkaClients.GroupMember member(String group) {
        return new KafkaClients.GroupMember(group, CooperativeStickyAssignor.class, Map.of(), Duration.ofMinutes(1), 1);
    }

    @Test
    void aGroupWithoutAPositionIsTheCallersToDecideAbout() {
        try (Consumer<byte[], byte[]> consumer = clients.consumer("poll", member("nobody"), 1 << 20)) {
            consumer.assign(List.of(new TopicPartition("small", 0)));

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOf(NoOffsetForPartitionException.class);
        }
    }

    @Test
    void aMissingTopicHoldsTheCallerUpForMaxBlockOnly() {
        try (Producer<byte[], byte[]> producer = clients.producer("writer")) {
            long before = System.nanoTime();

            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("missing", new byte[0]))
                            .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(KafkaClients.MAX_BLOCK.plusSeconds(4));
        }
    }

    @Test
    void aMessageLargerThanItsTopicTakesIsRefusedByTheBroker() {
        try (Producer<byte[], byte[]> producer = messageProducer(1 << 20, "small")) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("small", random(2_000_000)))
                            .get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void largestMessageFitsIntoADeadLetter() throws Exception {
        byte[] largest = random(KafkaClients.MAX_MESSAGE_BYTES - 200);
        try (Producer<byte[], byte[]> messages = messageProducer(1 << 20, "large");
                Producer<byte[], byte[]> deadLetters = clients.producer("dead")) {
            messages.send(new ProducerRecord<>("large", largest)).get(20, TimeUnit.SECONDS);
            ProducerRecord<byte[], byte[]> dead = new ProducerRecord<>("large", largest);
            dead.headers().add("relay-dead-error", new byte[32 * 1024]);

            assertThat(deadLetters.send(dead).get(20, TimeUnit.SECONDS).hasOffset())
                    .isTrue();
            assertThatThrownBy(() -> messages.send(dead).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    private static NewTopic topic(String name, int limit) {
        return new NewTopic(name, Optional.of(1), Optional.empty())
                .configs(Map.of("max.message.bytes", Integer.toString(limit), "segment.bytes", "67108864"));
    }

    /** Random bytes: compressible ones would fit where they should not. */
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
