package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.kafka.OffsetReset;
import io.mqttrelay.common.thread.StopRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads ranges of a topic from beginning to end, without joining a group: reading changes nothing. One thread. */
final class TopicReader implements AutoCloseable {
    /** Kafka counts as away after this silence. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int FETCH_BYTES = 1024 * 1024;

    /** Short: a reader of a few records must not wait for a full fetch. */
    private static final Duration IDLE = Duration.ofMillis(20);

    /**
     * A range of a partition.
     *
     * @param from the first offset
     * @param to the offset after the last
     */
    record Range(long from, long to) {
        boolean isEmpty() {
            return from >= to;
        }

        long length() {
            return Math.max(0, to - from);
        }
    }

    /** Notified of the number of records read. */
    interface Ticks {
        Ticks NONE = (done, total) -> {};

        void at(long done, long total);
    }

    /** Takes the records, each partition in its order. */
    interface Visitor {
        /** Takes a record; returns false to end the reading. */
        boolean visit(ConsumerRecord<byte[], byte[]> record) throws KafkaFailure, InterruptedException;
    }

    private final Consumer<byte[], byte[]> consumer;
    private final StopRequest stop;

    /** @param consumer owned by the reader from now on */
    TopicReader(Consumer<byte[], byte[]> consumer, StopRequest stop) {
        this.consumer = consumer;
        this.stop = stop;
    }

    static TopicReader open(KafkaClients clients, StopRequest stop) throws KafkaFailure {
        return made(() -> new TopicReader(clients.reader("reader", FETCH_BYTES, IDLE), stop));
    }

    /** Makes a reader that also knows the offsets of a group; it does not become a member. */
    static TopicReader ofGroup(KafkaClients clients, String group, StopRequest stop) throws KafkaFailure {
        return made(() -> new TopicReader(clients.consumer("reader", group, OffsetReset.EARLIEST), stop));
    }

    private static TopicReader made(Supplier<TopicReader> maker) throws KafkaFailure {
        try {
            return maker.get();
        } catch (KafkaException e) {
            throw KafkaFailure.of(e); // not even the brokers' names are known
        }
    }

    /** The ranges of all committed records in the topic now; empty: there is no such topic. */
    Map<TopicPartition, Range> whole(String topic) throws KafkaFailure {
        try {
            List<TopicPartition> partitions = partitions(topic);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, PATIENCE);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            Map<TopicPartition, Range> whole = new HashMap<>();
            begins.forEach(
                    (partition, begin) -> whole.put(partition, new Range(begin, ends.getOrDefault(partition, begin))));
            return whole;
        } catch (KafkaException e) {
            throw KafkaFailure.of(e);
        }
    }

    private List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo each : consumer.partitionsFor(topic, PATIENCE)) {
            partitions.add(new TopicPartition(topic, each.partition()));
        }
        return partitions;
    }

    /**
     * The first offset of each partition whose record was written at that time or later, if there is one.
     *
     * @param epochMillis by the records' timestamps
     */
    Map<TopicPartition, Long> offsetsAt(Iterable<TopicPartition> partitions, long epochMillis) throws KafkaFailure {
        Map<TopicPartition, Long> times = new HashMap<>();
        long asked = Math.max(0, epochMillis); // the client refuses times before 1970
        partitions.forEach(partition -> times.put(partition, asked));
        try {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, PATIENCE);
            for (Map.Entry<TopicPartition, OffsetAndTimestamp> each : found.entrySet()) {
                OffsetAndTimestamp offset = each.getValue();
                if (offset != null) {
                    offsets.put(each.getKey(), offset.offset());
                }
            }
            return offsets;
        } catch (KafkaException e) {
            throw KafkaFailure.of(e);
        }
    }

    /** The offsets that the reader's group has committed, after any transaction that is about to end. */
    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) throws KafkaFailure {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
            for (Map.Entry<TopicPartition, OffsetAndMetadata> each :
                    consumer.committed(partitions, PATIENCE).entrySet()) {
                if (each.getValue() != null) {
                    committed.put(each.getKey(), each.getValue());
                }
            }
            return committed;
        } catch (KafkaException e) {
            throw KafkaFailure.of(e);
        }
    }

    /** The reader's group, for a writer that commits its offsets. */
    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
    }

    /**
     * Reads the ranges, all partitions at once.
     *
     * @return false: the visitor or the user has asked for the end before it was reached
     */
    boolean read(Map<TopicPartition, Range> ranges, Ticks ticks, Visitor visitor)
            throws KafkaFailure, InterruptedException {
        Map<TopicPartition, Range> open = new HashMap<>(ranges);
        open.values().removeIf(Range::isEmpty);
        try {
            consumer.assign(open.keySet());
            consumer.resume(open.keySet()); // a partition that an earlier range has paused stays paused
            open.forEach((partition, range) -> consumer.seek(partition, range.from()));
            return readOn(open, ticks, visitor);
        } catch (KafkaException e) {
            throw KafkaFailure.of(e);
        }
    }

    private boolean readOn(Map<TopicPartition, Range> open, Ticks ticks, Visitor visitor)
            throws KafkaFailure, InterruptedException {
        long total = open.values().stream().mapToLong(Range::length).sum();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long before = total;
        while (!open.isEmpty()) {
            if (stop.isRequested()) {
                return false;
            }
            if (!visit(consumer.poll(POLL), open, visitor)) {
                return false;
            }
            long left = left(open);
            if (left < before) {
                before = left;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() - deadline > 0) {
                throw new KafkaFailure(KafkaFailure.NO_ANSWER);
            }
            ticks.at(total - left, total);
        }
        return true;
    }

    private static boolean visit(
            ConsumerRecords<byte[], byte[]> polled, Map<TopicPartition, Range> open, Visitor visitor)
            throws KafkaFailure, InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            Range range = open.get(new TopicPartition(record.topic(), record.partition()));
            if (range != null && record.offset() < range.to() && !visitor.visit(record)) {
                return false;
            }
        }
        return true;
    }

    /** Closes the ranges that are read completely, and counts the rest of the others. */
    private long left(Map<TopicPartition, Range> open) {
        long left = 0;
        List<TopicPartition> done = new ArrayList<>();
        for (Map.Entry<TopicPartition, Range> each : open.entrySet()) {
            long position = consumer.position(each.getKey(), PATIENCE);
            if (position >= each.getValue().to()) {
                done.add(each.getKey());
            } else {
                left += each.getValue().to() - position;
            }
        }
        consumer.pause(done);
        done.forEach(open::remove);
        return left;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
