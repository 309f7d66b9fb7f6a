package io.mqttrelay.dispatch.progress;

import io.mqttrelay.common.thread.CalledOn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes the progress of one partition to progress records, if it does not fit into commits. A commit names a record
 * once Kafka has stored it. The record is deleted when a commit that no longer names it is acknowledged.
 */
@CalledOn("dispatch-consumer")
public final class Snapshots {
    private static final long BETWEEN_WRITES = TimeUnit.SECONDS.toNanos(1);
    /** In the number of a record: two members that choose one for the same millisecond choose different numbers. */
    private static final int RANDOM_BITS = 20;

    private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(10);

    /**
     * The tools of snapshots.
     *
     * @param nanoTime a monotonic clock, nanoseconds
     * @param wallMillis the wall clock, epoch milliseconds
     * @param random any number
     * @param mostBytes of progress that a commit holds without a record
     */
    public record Tools(
            ProgressStore store, LongSupplier nanoTime, LongSupplier wallMillis, LongSupplier random, int mostBytes) {
        /** Writes nothing. */
        static final Tools NONE = new Tools(ProgressStore.NONE, () -> 0, () -> 0, () -> 0, ProgressCodec.MAX_BYTES);
    }

    /** A stored record, and its blocked lanes by address. */
    private record Written(Snapshot snapshot, Map<Long, LaneOffsets> lanes) {}

    /** A record being written. */
    private record Sent(
            long number, long nonce, Map<Long, LaneOffsets> lanes, CompletableFuture<ProgressStore.Place> stored) {}

    private final TopicPartition partition;
    private final Tools tools;
    private final List<Long> undeleted = new ArrayList<>();
    private @Nullable Written named;
    private @Nullable Sent sent;
    private long last;
    /** Later commits name no record with this number or a lower one. */
    private long unnamed = -1;

    private long notBefore;

    /**
     * @param begun the record that the commit at the partition's begin named; null: none
     * @param progress of that record; null: it could not be read
     */
    Snapshots(TopicPartition partition, Tools tools, @Nullable Snapshot begun, @Nullable PartitionProgress progress) {
        this.partition = partition;
        this.tools = tools;
        this.notBefore = tools.nanoTime().getAsLong();
        if (begun != null) {
            named = progress == null ? null : new Written(begun, Snapshot.lanes(progress));
            last = begun.number();
            undeleted.add(begun.number());
        }
    }

    /** Makes an object that writes nothing. */
    public static Snapshots none(TopicPartition partition) {
        return new Snapshots(partition, Tools.NONE, null, null);
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The key of a record. */
    static String key(TopicPartition partition, long number) {
        return partition.topic() + "/" + partition.partition() + "/" + number;
    }

    /** Returns the metadata of a commit; writes a record if the progress does not fit. */
    public String metadata(PartitionProgress progress, long position) {
        takeStored();
        String whole = SnapshotCodec.whole(progress, position, tools.mostBytes());
        if (whole != null) {
            name(null);
            return whole;
        }
        write(progress, position);
        Written now = named;
        return now == null
                ? ProgressCodec.encode(progress, position)
                : SnapshotCodec.changes(progress, position, now.snapshot(), now.lanes());
    }

    private void takeStored() {
        Sent written = sent;
        if (written == null || !written.stored().isDone()) {
            return;
        }
        sent = null;
        if (written.stored().isCompletedExceptionally()) {
            notBefore = tools.nanoTime().getAsLong() + AFTER_FAILURE;
            return;
        }
        name(new Written(
                new Snapshot(written.number(), written.nonce(), written.stored().join()), written.lanes()));
    }

    /** Lets later commits name this record, or none. */
    private void name(@Nullable Written next) {
        Written before = named;
        if (before != null) {
            unnamed = before.snapshot().number();
        }
        named = next;
    }

    private void write(PartitionProgress progress, long position) {
        long now = tools.nanoTime().getAsLong();
        if (sent != null || now - notBefore < 0) {
            return;
        }
        notBefore = now + BETWEEN_WRITES;
        long nonce = tools.random().getAsLong();
        byte[] record;
        try {
            record = SnapshotCodec.record(progress, position, nonce);
        } catch (IllegalStateException e) {
            return; // the metadata is written without attempts, and that is logged
        }
        last = numberAfter(last);
        undeleted.add(last);
        sent = new Sent(last, nonce, Snapshot.lanes(progress), tools.store().write(key(partition, last), record));
    }

    /**
     * Returns a number that no other dispatcher has chosen, whatever its clock shows: both may know the same last number.
     */
    private long numberAfter(long known) {
        long millis = Math.max((known >> RANDOM_BITS) + 1, tools.wallMillis().getAsLong());
        return (millis << RANDOM_BITS) + (tools.random().getAsLong() >>> (Long.SIZE - RANDOM_BITS));
    }

    /** Deletes the records that this acknowledged commit does not name. */
    public void committed(String metadata, long position) {
        if (undeleted.isEmpty()) {
            return;
        }
        Snapshot.Changes names = SnapshotCodec.read(metadata, position);
        Snapshot kept = names == null ? null : names.named();
        long most = kept == null ? unnamed : kept.number() - 1;
        for (Iterator<Long> each = undeleted.iterator(); each.hasNext(); ) {
            long number = each.next();
            if (number <= most) {
                each.remove();
                tools.store().delete(key(partition, number));
            }
        }
    }
}
