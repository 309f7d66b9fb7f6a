package io.mqttrelay.dispatch;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Not a test: how Kafka's share groups would serve {@code ordering: none}, with a callback that only takes time. */
final class ShareGroupMeasurement {
    private static final int IN_FLIGHT = 128;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(40); // longer than a lock is held

    private final String bootstrapServers;

    private ShareGroupMeasurement(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            new ShareGroupMeasurement(args[0]).acquireAndHold(args[1], args[2]);
            return;
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.launch()) {
            ShareGroupMeasurement measurement = new ShareGroupMeasurement(kafka.bootstrapServers());
            for (int round = 0; round < 3; round++) {
                measurement.throughput("instant, whole polls", 100_000, 0, false);
                measurement.throughput("50 ms, whole polls", 10_000, 50, false);
                measurement.throughput("50 ms, renewed at each poll", 5_000, 50, true);
            }
            measurement.oneRecordHeld();
            measurement.alwaysReleased();
            for (int round = 0; round < 3; round++) {
                measurement.killed();
            }
        }
    }

    /** One consumer, at most {@link #IN_FLIGHT} callbacks of this duration at once. */
    private void throughput(String name, int records, int callbackMillis, boolean renew) throws Exception {
        String topic = topic(12, records);
        ScheduledThreadPoolExecutor callbacks = new ScheduledThreadPoolExecutor(1);
        Set<String> out = new HashSet<>();
        Set<String> ended = ConcurrentHashMap.newKeySet();
        int done = 0;
        int deliveries = 0;
        try (KafkaShareConsumer<byte[], byte[]> consumer = consumer(topic, "record_limit", IN_FLIGHT)) {
            long begin = 0;
            while (done < records) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                begin = begin == 0 && !polled.isEmpty() ? System.nanoTime() : begin;
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    deliveries++;
                    if (out.add(id(record))) {
                        Runnable end = () -> ended.add(id(record));
                        var unused = callbacks.schedule(end, callbackMillis, TimeUnit.MILLISECONDS);
                    }
                }
                done += acknowledge(consumer, polled, ended, renew);
            }
            consumer.commitSync();
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%s: %.0f/s, %d records from %d deliveries to the application%n",
                    name, records / seconds, records, deliveries);
        } finally {
            callbacks.shutdownNow();
        }
    }

    /**
     * Every record of a poll must be acknowledged before the next one. Either the slowest callback delays the others,
     * or records in flight are renewed, and polled again and again until they are complete.
     */
    private static int acknowledge(
            KafkaShareConsumer<byte[], byte[]> consumer,
            ConsumerRecords<byte[], byte[]> polled,
            Set<String> ended,
            boolean renew) {
        int done = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            while (!renew && !ended.contains(id(record))) {
                Thread.onSpinWait();
            }
            boolean accept = ended.remove(id(record));
            consumer.acknowledge(record, accept ? AcknowledgeType.ACCEPT : AcknowledgeType.RENEW);
            done += accept ? 1 : 0;
        }
        return done;
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return record.partition() + "@" + record.offset();
    }

    /** The progress of other records while one callback does not end. */
    private void oneRecordHeld() throws Exception {
        String topic = topic(1, 10_000);
        try (KafkaShareConsumer<byte[], byte[]> holder = consumer(topic, "record_limit", 1);
                KafkaShareConsumer<byte[], byte[]> consumer = consumer(topic, "batch_optimized", 500)) {
            ConsumerRecords<byte[], byte[]> held = holder.poll(POLL);
            while (held.isEmpty()) {
                held = holder.poll(POLL);
            }
            int accepted = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); // the lock is held for 30
            while (System.nanoTime() < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    accepted++;
                }
            }
            System.out.printf("%d records held: %d of 9999 others were delivered%n", held.count(), accepted);
        }
    }

    /** The end of a record whose callback is down. */
    private void alwaysReleased() throws Exception {
        String topic = topic(1, 100);
        Map<Integer, Integer> byDeliveryCount = new HashMap<>();
        long begin = System.nanoTime();
        long last = begin;
        try (KafkaShareConsumer<byte[], byte[]> consumer = consumer(topic, "batch_optimized", 500)) {
            while (System.nanoTime() - last < QUIET_NANOS) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    last = System.nanoTime();
                    byDeliveryCount.merge((int) record.deliveryCount().orElse((short) -1), 1, Integer::sum);
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                }
            }
        }
        System.out.printf(
                "100 records always released: deliveries by their count %s within %d ms, then never again%n",
                byDeliveryCount, TimeUnit.NANOSECONDS.toMillis(last - begin));
    }

    /** How long records of a killed process cannot be acquired. */
    private void killed() throws Exception {
        String topic = topic(12, 600);
        JavaProcess.Command command = new JavaProcess.Command(
                topic, List.of("-Xmx64m"), ShareGroupMeasurement.class, List.of(bootstrapServers, topic, "hold"));
        try (JavaProcess holder = JavaProcess.start(Files.createTempDirectory("share-groups"), command)) {
            String held = holder.await(Pattern.compile("holds (\\d+)"), Duration.ofSeconds(60))
                    .group(1);
            try (KafkaShareConsumer<byte[], byte[]> consumer = consumer(topic, "batch_optimized", 500)) {
                int others = 0; // the holder has fetched more than it shows
                for (long last = System.nanoTime(); System.nanoTime() - last < TimeUnit.SECONDS.toNanos(8); ) {
                    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                    polled.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
                    others += polled.count();
                    last = polled.isEmpty() ? last : System.nanoTime();
                }
                holder.kill();
                long begin = System.nanoTime();
                List<Long> millis = new ArrayList<>();
                while (millis.size() < 600 - others && System.nanoTime() - begin < 3 * QUIET_NANOS) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
                        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    }
                }
                System.out.printf(
                        "killed holding %s: of %d records, the first came again after %d ms, the last of %d after %d ms%n",
                        held,
                        600 - others,
                        millis.isEmpty() ? -1 : millis.get(0),
                        millis.size(),
                        millis.isEmpty() ? -1 : millis.get(millis.size() - 1));
            }
        }
    }

    /** The process that is killed. */
    private void acquireAndHold(String topic, String word) throws InterruptedException {
        try (KafkaShareConsumer<byte[], byte[]> consumer = consumer(topic, "record_limit", IN_FLIGHT)) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            while (polled.isEmpty()) {
                polled = consumer.poll(POLL);
            }
            System.out.println(word + "s " + polled.count());
            TimeUnit.MINUTES.sleep(5);
        }
    }

    private KafkaShareConsumer<byte[], byte[]> consumer(String topic, String acquireMode, int maxPoll)
            throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", topic,
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", acquireMode,
                "max.poll.records", maxPoll);
        KafkaShareConsumer<byte[], byte[]> consumer =
                new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    private String topic(int partitions, int records) {
        String topic = TestTopics.create(bootstrapServers, TestTopics.uniqueName("s"), partitions, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                var unused = producer.send(new ProducerRecord<>(topic, i % partitions, null, new byte[200]));
            }
        }
        return topic;
    }
}
