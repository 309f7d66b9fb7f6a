package io.mqttrelay.faults;

import io.mqttrelay.testkit.guarantee.OffsetsNeverPass.Sample;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer.UnknownRecordTypeException;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;

/**
 * Follows every commit of a group, on its own thread. It reads the topic in which Kafka keeps commits. A new
 * coordinator may answer with an older commit until the group commits again, so to ask it would blame the group for
 * that.
 */
final class OffsetWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int TIMEOUT_SECONDS = 5;

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final String group;
    private final Thread thread = new Thread(this::run, "offset-watch");
    private volatile boolean stopping;

    private final List<Sample> samples = new ArrayList<>(); // guarded by itself, as is:
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    private OffsetWatch(String bootstrapServers, String group) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "exclude.internal.topics",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.group = group;
        thread.setDaemon(true);
    }

    static OffsetWatch start(String bootstrapServers, String group) {
        OffsetWatch watch = new OffsetWatch(bootstrapServers, group);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                try {
                    follow();
                } catch (WakeupException e) {
                    return;
                } catch (KafkaException e) {
                    // the cluster is broken just now
                    Pause.shortly();
                }
            }
        }
    }

    private void follow() {
        if (consumer.assignment().isEmpty()) {
            // the topic is made when the first group commits
            consumer.assign(consumer.partitionsFor(Topic.GROUP_METADATA_TOPIC_NAME).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList());
            if (consumer.assignment().isEmpty()) {
                Pause.shortly();
                return;
            }
            consumer.seekToBeginning(consumer.assignment());
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            long now = System.nanoTime();
            try {
                note(
                        serde.deserialize(
                                ByteBuffer.wrap(record.key()),
                                record.value() == null ? null : ByteBuffer.wrap(record.value())),
                        now);
            } catch (UnknownRecordTypeException e) {
                // not a commit
            }
        }
    }

    private void note(CoordinatorRecord record, long now) {
        if (!(record.key() instanceof OffsetCommitKey key) || !key.group().equals(group)) {
            return;
        }
        TopicPartition partition = new TopicPartition(key.topic(), key.partition());
        synchronized (samples) {
            if (record.value() == null) {
                committed.remove(partition);
            } else {
                long offset = ((OffsetCommitValue) record.value().message()).offset();
                committed.put(partition, offset);
                samples.add(new Sample(partition.toString(), offset, now));
            }
        }
    }

    /** Forgets all samples: offsets are set by hand now. */
    void forget() {
        synchronized (samples) {
            samples.clear();
        }
    }

    /** The commits seen so far. */
    List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /** The lag of a partition. */
    private record Waiting(long committed, long end) {
        long records() {
            return end - committed;
        }

        @Override
        public String toString() {
            return committed + " of " + end;
        }
    }

    /** The lag of the group in a topic; negative: Kafka does not tell. */
    long lag(String topic) {
        try {
            return waiting(topic).values().stream().mapToLong(Waiting::records).sum();
        } catch (ExecutionException | TimeoutException e) {
            return -1;
        }
    }

    /** The partitions with a lag, for people. */
    String waitingAt(String topic) {
        try {
            Map<TopicPartition, Waiting> waiting = waiting(topic);
            waiting.values().removeIf(each -> each.records() == 0);
            return waiting.toString();
        } catch (ExecutionException | TimeoutException e) {
            return "Kafka does not say: " + e;
        }
    }

    private Map<TopicPartition, Waiting> waiting(String topic) throws ExecutionException, TimeoutException {
        try {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(topic)
                    .partitions()
                    .forEach(partition ->
                            latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
            Map<TopicPartition, Waiting> waiting = new HashMap<>();
            var ends = admin.listOffsets(latest).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            synchronized (samples) {
                ends.forEach((partition, end) ->
                        waiting.put(partition, new Waiting(committed.getOrDefault(partition, 0L), end.offset())));
            }
            return waiting;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        admin.close(Duration.ofSeconds(TIMEOUT_SECONDS));
    }
}
