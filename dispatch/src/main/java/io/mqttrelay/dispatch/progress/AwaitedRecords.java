package io.mqttrelay.dispatch.progress;

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
public final class AwaitedRecords {
    private static final Logger log = LogManager.getLogger(AwaitedRecords.class);
    private static final long LONG = Duration.ofSeconds(5).toNanos();

    /** Takes a partition whose progress record was read. */
    public interface Begin {
        void with(OffsetAndMetadata committed, PartitionProgress progress, Snapshots snapshots);
    }

    private record Awaited(
            OffsetAndMetadata committed,
            Snapshot.Changes changes,
            long since,
            CompletableFuture<byte @Nullable []> record) {}

    private final Snapshots.Tools tools;
    private final Map<TopicPartition, Awaited> awaited = new LinkedHashMap<>();
    private volatile List<String> problems = List.of();

    public AwaitedRecords(Snapshots.Tools tools) {
        this.tools = tools;
    }

    /**
     * Requests the progress record that a commit names.
     *
     * @return false: the commit names none
     */
    public boolean read(TopicPartition partition, OffsetAndMetadata committed) {
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

    /** Makes the writer of progress records for a partition whose commit names none. */
    public Snapshots without(TopicPartition partition) {
        return new Snapshots(partition, tools, null, null);
    }

    /** Begins the partitions whose progress records were read. */
    public void takeRead(Begin begin) {
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
        PartitionProgress record = SnapshotCodec.ofRecord(bytes, named.nonce());
        if (record == null) {
            log.warn(
                    "{}: the record of progress that its commit names is not there; goes on at the committed offset {}: what"
                            + " was delivered behind it is delivered again",
                    partition,
                    each.committed().offset());
        }
        PartitionProgress known = record == null
                ? PartitionProgress.none()
                : each.changes().over(record, each.committed().offset());
        begin.with(each.committed(), known, new Snapshots(partition, tools, named, record));
    }

    public boolean has(TopicPartition partition) {
        return awaited.containsKey(partition);
    }

    public Set<TopicPartition> partitions() {
        return awaited.keySet();
    }

    public void removeIf(Predicate<TopicPartition> gone) {
        awaited.keySet().removeIf(gone);
    }

    /** One line for each partition that has waited long. Any thread. */
    public List<String> problems() {
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
