package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kafka refuses all records of a topic from time to time, with an error that its client does not retry. */
@ExtendWith(SharedBrokers.class)
class RefusedBatchIT {
    private static final String APP = "refused-batch";
    private static final String NEIGHBOUR = "refused-batch-neighbour";
    private static final int KEYS = 10;

    private final EmbeddedKafka kafka;
    private final Admin admin;
    private final RecordWriter writer;
    private final RoleThread thread;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong stored = new AtomicLong();

    RefusedBatchIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        KafkaClients clients = new KafkaClients(settings(), "test");
        writer = new RecordWriter(
                List.of(APP, NEIGHBOUR),
                app -> app,
                new RecordWriter.Producers(
                        () -> clients.messageProducer("writer", 1 << 20),
                        () -> clients.messageProducer("writer-large", 1 << 20)),
                new RecordWriter.Limits(16 << 20, clients.messageBatchSize()),
                System::nanoTime,
                Runnable::run);
        thread = new RoleThread("ingest-writer", writer, failures::add);
    }

    private KafkaSettings settings() {
        return new KafkaSettings(
                kafka.bootstrapServers(),
                "relay",
                3,
                null,
                Duration.ofDays(1),
                Duration.ofDays(1),
                Map.of(),
                Map.of(),
                Map.of());
    }

    @AfterEach
    void close() throws InterruptedException {
        thread.stop();
        thread.join(Duration.ofSeconds(10));
        writer.closeProducer(Duration.ZERO);
        admin.close();
        assertThat(failures).isEmpty();
    }

    private final class Message implements Write {
        private final String app;
        private final String key;
        private final String value;

        Message(String app, String key, long number) {
            this.app = app;
            this.key = key;
            this.value = key + "-%08d".formatted(number);
        }

        @Override
        public String appId() {
            return app;
        }

        @Override
        public long bytes() {
            return 300;
        }

        @Override
        public byte[] key() {
            return key.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isDeadLetter() {
            return false;
        }

        @Override
        public ProducerRecord<byte[], byte[]> record() {
            return new ProducerRecord<>(app, key(), value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean shrink(String why) {
            throw new AssertionError(why);
        }

        @Override
        public boolean comesAgain() {
            return false;
        }

        @Override
        public boolean mayBeReleased() {
            return false;
        }

        @Override
        public void stored() {
            stored.incrementAndGet();
        }

        @Override
        public void released() {
            throw new AssertionError("released");
        }

        @Override
        public void dropped(String why) {
            throw new AssertionError(why);
        }
    }

    @Test
    void storesEachKeyInTheOrderOfArrivalBesideRefusals() throws Exception {
        create(APP);
        create(NEIGHBOUR);
        writer.topicsReady(APP);
        writer.topicsReady(NEIGHBOUR);
        thread.start();
        long sent = 0;
        for (int round = 0; round < 6; round++) {
            sent = send(sent, Duration.ofMillis(700));
            refuse(true);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (writer.problems().stream().noneMatch(problem -> problem.contains(APP + ":"))) {
                assertThat(System.nanoTime()).as("refused in time").isLessThan(deadline);
                sent = send(sent, Duration.ofMillis(20));
            }
            sent = send(sent, Duration.ofMillis(500));
            refuse(false);
        }
        sent = send(sent, Duration.ofMillis(500));
        long all = sent;
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            if (!writer.problems().isEmpty()) {
                writer.topicsReady(APP);
            }
            return stored.get() == all;
        });
        assertInOrder(APP);
        assertInOrder(NEIGHBOUR);
        assertThat(writer.problems()).isEmpty();
    }

    private void create(String topic) throws Exception {
        NewTopic wanted = new NewTopic(topic, Optional.of(3), Optional.empty())
                .configs(Map.of("message.timestamp.type", "CreateTime"));
        admin.createTopics(List.of(wanted)).all().get(30, TimeUnit.SECONDS);
    }

    private void refuse(boolean refuse) throws Exception {
        ConfigEntry entry = new ConfigEntry("message.timestamp.before.max.ms", refuse ? "0" : "86400000");
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, APP),
                        List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get(30, TimeUnit.SECONDS);
        if (!refuse) {
            writer.topicsReady(APP);
        }
    }

    /** Sends 4,000 messages a second, half of them with one key. */
    private long send(long from, Duration time) {
        long number = from;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            for (int i = 0; i < 8; i++) {
                String app = number % 5 == 0 ? NEIGHBOUR : APP;
                String key = "k" + (number % 2 == 0 ? 0 : number % KEYS);
                writer.write(new Message(app, key, number++));
            }
            LockSupport.parkNanos(2_000_000);
        }
        return number;
    }

    private void assertInOrder(String topic) {
        List<String> values = new ArrayList<>();
        new KafkaRecords(kafka.bootstrapServers())
                .all(topic)
                .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
        assertThat(new HashSet<>(values)).hasSameSizeAs(values);
        for (int key = 0; key < KEYS; key++) {
            String prefix = "k" + key + "-";
            assertThat(values.stream().filter(value -> value.startsWith(prefix)))
                    .as(topic)
                    .isSorted();
        }
    }
}
