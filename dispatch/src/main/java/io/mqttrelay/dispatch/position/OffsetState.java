package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.progress.LaneKey;
import io.mqttrelay.dispatch.progress.Tried;
import org.jspecify.annotations.Nullable;

/**
 * The offset of one record for one address, from its load into memory until it is complete: its mark, and the
 * failed attempts so far, which are counted here only. The consumer thread makes it; the thread that makes the delivery
 * durable completes it.
 */
public final class OffsetState {
    private enum Mark {
        LOADED,
        DONE,
        UNLOADED
    }

    private final Cursor cursor;
    private final long offset;
    private final long timestamp;
    private final int bytes;
    private final long place;
    private final @Nullable String orderKey;
    private final @Nullable BlockedLane blocked;
    private final long sequence;

    // consumer thread
    private long laneKey = -1;

    private volatile long waitNanos;
    private volatile Mark mark = Mark.LOADED;
    private volatile Tried tried;

    /**
     * @param place in the reading order of the address: between two neighbouring places no record is complete
     * @param tried failed attempts before the record was read
     * @param orderKey of the lane, if it may be blocked
     * @param blocked the lane that the record was read for; null: for the cursor
     */
    OffsetState(
            Cursor cursor,
            Found record,
            long place,
            Tried tried,
            @Nullable String orderKey,
            @Nullable BlockedLane blocked) {
        this.cursor = cursor;
        this.offset = record.offset();
        this.timestamp = record.timestamp();
        this.bytes = record.bytes();
        this.place = place;
        this.tried = tried;
        this.orderKey = orderKey;
        this.blocked = blocked;
        this.sequence = blocked == null ? 0 : blocked.sequence();
    }

    /**
     * A record that a reader has come to.
     *
     * @param timestamp epoch milliseconds
     * @param bytes that it takes in memory
     */
    record Found(long offset, long timestamp, int bytes) {}

    /** The assignment of the record's partition, which may have ended meanwhile. */
    public Assignment assignment() {
        return cursor.assignment();
    }

    /** Failed attempts so far, also by dispatchers that had the partition before. */
    public Tried tried() {
        return tried;
    }

    /** Whether no attempt has failed so far. */
    public boolean isUntried() {
        return tried.isNothing();
    }

    /** Stores the failed attempts so far. Any thread, one at a time. */
    public void tried(Tried soFar) {
        tried = soFar;
        assignment().changed();
    }

    /**
     * Stores the wait before the next attempt, nanoseconds; 0: the delivery does not wait. Any thread, one at a time.
     */
    public void waits(long nanos) {
        waitNanos = nanos;
    }

    /** Whether deliveries of other lanes of the address wait in Kafka until these have room. Any thread. */
    public boolean othersAreBlocked() {
        int blocked = cursor.window().blocked();
        return blocked > 1
                || (blocked == 1 && (orderKey == null || !cursor.lanes().has(orderKey)));
    }

    /** Completes the delivery: it is durable. Any thread, once. */
    public void done() {
        end(Mark.DONE);
    }

    /** Drops a delivery that was not begun from memory: the record will be read again. Consumer thread. */
    public void unload() {
        end(Mark.UNLOADED);
    }

    private void end(Mark how) {
        if (mark != Mark.LOADED) {
            throw new IllegalStateException("a delivery of " + this + " ended twice");
        }
        mark = how;
        cursor.freed(bytes);
    }

    boolean isLoaded() {
        return mark == Mark.LOADED;
    }

    boolean isUnloaded() {
        return mark == Mark.UNLOADED;
    }

    long offset() {
        return offset;
    }

    long timestamp() {
        return timestamp;
    }

    long place() {
        return place;
    }

    public int bytes() {
        return bytes;
    }

    public long waitNanos() {
        return waitNanos;
    }

    @Nullable
    public String orderKey() {
        return orderKey;
    }

    /** The {@link LaneKey} of its lane; 0: it has none. Consumer thread. */
    long laneKey() {
        if (laneKey < 0) {
            laneKey = orderKey == null ? 0 : LaneKey.of(orderKey);
        }
        return laneKey;
    }

    /** The blocked lane that the record was read for; null: it was read for the cursor. */
    @Nullable
    BlockedLane blocked() {
        return blocked;
    }

    /** Its sequence number among all records read for {@link #blocked}. */
    long sequence() {
        return sequence;
    }

    @Override
    public String toString() {
        return assignment() + "@" + offset;
    }
}
