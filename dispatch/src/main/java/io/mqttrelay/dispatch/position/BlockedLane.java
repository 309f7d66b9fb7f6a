package io.mqttrelay.dispatch.position;

import java.util.concurrent.TimeUnit;

/**
 * One blocked lane of one address in one partition: none of its records from an offset on was delivered, and none is in
 * memory. Consumer thread.
 */
final class BlockedLane {
    /** Deliveries that a lane may have in memory before its speed is known. */
    static final int ALLOWANCE = 16;

    private static final int LARGEST_ALLOWANCE = 4096;
    private static final int FASTER = 4;
    private static final long QUICK = TimeUnit.SECONDS.toNanos(5);

    private long from;
    private long timestamp;
    private long skipped;
    private final boolean counted;

    private boolean waits;
    private long notBefore;

    private int loaded;
    private long sequence;
    private boolean failing;

    private int allowance = ALLOWANCE;
    /** Limits the allowance while the address takes nothing: each lane is tried with one delivery. */
    private int most = LARGEST_ALLOWANCE;

    private boolean filled;
    private long filledAt;
    private boolean hungry;
    private boolean quick;
    /** No message was seen to fail since the lane was blocked, or since a scan began to read for it. */
    private boolean clean = true;

    private boolean riding;

    // while {@link #beginProgress progress} is collected
    private long expected;
    private long open;

    /** Makes a lane that is blocked now. */
    BlockedLane() {
        this.counted = true;
    }

    /** Makes a lane from a commit. */
    BlockedLane(long from) {
        this.counted = false;
        this.from = from;
    }

    /** The first offset that was not read for the lane, or was dropped from memory. */
    long from() {
        return from;
    }

    /** Timestamp of about the first record that waits in Kafka, epoch milliseconds; 0: not known. */
    long timestamp() {
        return timestamp;
    }

    /** Whether {@link #skipped} counts all records that wait in Kafka. */
    boolean isCounted() {
        return counted;
    }

    /** Records that were skipped and wait in Kafka, about. */
    long skipped() {
        return skipped;
    }

    /** Counts a record that a reader has skipped. */
    void skipped(long recordTimestamp) {
        if (skipped == 0) {
            timestamp = recordTimestamp;
        }
        skipped++;
    }

    /**
     * Notes that a record is in memory now.
     *
     * @param wasSkipped whether a reader has skipped it before
     */
    void load(long offset, long recordTimestamp, boolean wasSkipped) {
        from = offset + 1;
        timestamp = recordTimestamp;
        skipped -= wasSkipped && skipped > 0 ? 1 : 0;
        loaded++;
        sequence++;
    }

    /** The sequence number of the last loaded record, among all records loaded for the lane. */
    long sequence() {
        return sequence;
    }

    /** Notes that {@code count} records, of which this is the first, were dropped from memory. */
    void unload(OffsetState first, int count, long now) {
        sequence = first.blocked() == this ? first.sequence() - 1 : sequence + 1; // later records get a gap
        from = first.offset();
        timestamp = first.timestamp();
        skipped += count;
        waits = first.waitNanos() > 0;
        notBefore = now + first.waitNanos();
    }

    /**
     * Moves the lane to a new log start offset.
     *
     * @return records of the lane that are gone, at most
     */
    long beginsAt(long beginning) {
        long gone = Math.max(0, counted ? Math.min(skipped, beginning - from) : beginning - from);
        skipped -= Math.min(skipped, gone);
        readUpTo(beginning);
        return gone;
    }

    /** Notes that no record of the lane lies before this offset. */
    void readUpTo(long offset) {
        if (offset > from) {
            from = offset;
            waits = false;
        }
    }

    /**
     * Updates the counts of deliveries in memory.
     *
     * @param inMemory deliveries
     * @param failed whether the lane's first delivery has failed, in memory or not
     * @param takes whether the address takes messages at present
     * @param least allowance of a lane whose speed is not known
     */
    void looked(int inMemory, boolean failed, boolean takes, int least, long now) {
        loaded = inMemory;
        failing = failed;
        clean &= !failing;
        waits &= now - notBefore < 0;
        most = takes ? LARGEST_ALLOWANCE : 1;
        if (!filled) {
            allowance = least;
        }
        boolean wants = !waits && loaded <= Math.min(allowance, most) / 4;
        if (wants && !hungry) {
            quick = filled && now - filledAt < QUICK;
            allowance = quick ? Math.min(LARGEST_ALLOWANCE, allowance * FASTER) : least;
        }
        hungry = wants;
    }

    /** Whether the lane's first message has failed and is to be tried again. */
    boolean isFailing() {
        return failing;
    }

    boolean isHungry() {
        return hungry;
    }

    /** Whether the lane has used up its last deliveries quickly or without a failure, and need not wait for the next scan. */
    boolean isQuick() {
        return quick || clean;
    }

    boolean isRiding() {
        return riding;
    }

    void rides(boolean now) {
        riding = now;
        clean |= now;
    }

    boolean hasRoom() {
        return loaded < Math.min(allowance, most) && !waits;
    }

    /**
     * Ends loading at this offset: the lane has its allowance in memory, or the scan has gone beyond the cursor's first
     * unread offset.
     */
    void left(long offset, long now) {
        readUpTo(offset);
        riding = false;
        if (!waits && loaded >= allowance) {
            filled = true;
            filledAt = now;
        }
    }

    /** Begins to collect progress from the open deliveries, in descending order of offsets. */
    void beginProgress() {
        expected = sequence;
        open = from;
    }

    /**
     * Whether no record of the lane between this one and {@link #from} is complete, so that the lane's offset covers
     * it.
     */
    boolean covers(OffsetState state) {
        if (state.blocked() != this || state.sequence() != expected) {
            return false;
        }
        expected--;
        open = state.offset();
        return true;
    }

    /** The first covered offset, or {@link #from}. */
    long firstOpen() {
        return open;
    }
}
