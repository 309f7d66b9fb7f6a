package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that wait for the progress record that their commit names, before they begin. They delay no other
 * partition.
 */
@CalledOn("dispatch-consumer")
final class AwaitedRecords {
    private static final Logger log = LogManager.getLogger(AwaitedRecords.class);
    private static final long LONG = Duration.ofSeconds(5).toNanos();

    /** Takes a partition whose progress record was read. */
    interface Begin {
        void with(OffsetAndMetadata committed, Progress progress, Snapshots snapshots);
    }

    private record Awaited(
            OffsetAndMetadata committed,
            Snapshot.Changes changes,
            long since,
            CompletableFuture<byte @Nullable []> record) {}

    private final Snapshots.Tools tools;
    private final Map<TopicPartition, Awaited> awaited = new LinkedHashMap<>();
    private volatile List<String> problems = List.of();

    AwaitedRecords(Snapshots.Tools tools) {
        this.tools = tools;
    }

    /**
     * Requests the progress record that a commit names.
     *
     * @return false: the commit names none
     */
    boolean read(TopicPartition partition, OffsetAndMetadata committed) {
        Snapshot.Changes changes = SnapshotCodec.read(committed.metadata(), committed.offset());
        if (changes == null) {
            return false;
        }
        Snapshot named = changes.named();
        String key = Snapshots.key(partition, named.number());
        awaited.put(
                partition,
                new Awaited(
                        committed,
                        changes,
                        tools.nanoTime().getAsLong(),
                        tools.store().read(key, named.place())));
        return true;
    }

    /** Makes the assignment of a partition whose commit names no progress record. */
    Assignment without(TopicPartition partition, AppWindows app, long position, @Nullable OffsetAndMetadata committed) {
        return new Assignment(partition, app, position, committed, new Snapshots(partition, tools, null, null));
    }

    /** Begins the partitions whose progress records were read. */
    void takeRead(Begin begin) {
        for (TopicPartition partition : List.copyOf(awaited.keySet())) {
            Awaited each = awaited.get(partition);
            if (each != null && each.record().isDone()) {
                awaited.remove(partition);
                take(partition, each, begin);
            }
        }
        problems = late();
    }

    private void take(TopicPartition partition, Awaited each, Begin begin) {
        Snapshot named = each.changes().named();
        byte[] bytes =
                each.record().isCompletedExceptionally() ? null : each.record().join();
        Progress record = SnapshotCodec.ofRecord(bytes, named.nonce());
        if (record == null) {
            log.warn(
                    "{}: the record of progress that its commit names is not there; goes on at the committed offset {}: what"
                            + " was delivered behind it is delivered again",
                    partition,
                    each.committed().offset());
        }
        Progress known = record == null
                ? Progress.none()
                : each.changes().over(record, each.committed().offset());
        begin.with(each.committed(), known, new Snapshots(partition, tools, named, record));
    }

    boolean has(TopicPartition partition) {
        return awaited.containsKey(partition);
    }

    Set<TopicPartition> partitions() {
        return awaited.keySet();
    }

    void removeIf(Predicate<TopicPartition> gone) {
        awaited.keySet().removeIf(gone);
    }

    /** One line for each partition that has waited long. Any thread. */
    List<String> problems() {
        return problems;
    }

    private List<String> late() {
        List<String> late = new ArrayList<>();
        long now = tools.nanoTime().getAsLong();
        awaited.forEach((partition, each) -> {
            if (now - each.since() > LONG) {
                late.add(partition + " waits for its progress, which Kafka does not give");
            }
        });
        return List.copyOf(late);
    }
}
