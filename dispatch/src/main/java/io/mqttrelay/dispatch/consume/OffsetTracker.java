package io.mqttrelay.dispatch.consume;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What of one partition may be committed. Records are done in any order; the position is the first that is not. It follows
 * the records that were received, never offset arithmetic: offsets have gaps where compaction or transactions left them.
 *
 * <p>Only what is not done is kept: one record that is tried again for an hour costs its own memory, not that of the
 * thousands behind it. Confined to the consumer thread.
 */
final class OffsetTracker {
    private static final int FIRST_SWEEP = 1024;

    private final ArrayDeque<Receipt> window = new ArrayDeque<>();
    private long next;
    private int sweepAt = FIRST_SWEEP;

    /** Nothing received yet; {@code position} is the next offset to be read. */
    OffsetTracker(long position) {
        this.next = position;
    }

    /**
     * Follows one more record.
     *
     * @throws IllegalStateException when it does not come after every earlier one
     */
    void received(Receipt receipt) {
        if (receipt.offset() < next) {
            throw new IllegalStateException("offset " + receipt.offset() + " was received after " + (next - 1));
        }
        next = receipt.offset() + 1;
        window.addLast(receipt);
        if (window.size() >= sweepAt) {
            window.removeIf(Receipt::isDone);
            // twice what is left: sweeping costs each record a constant share
            sweepAt = Math.max(FIRST_SWEEP, 2 * window.size());
        }
    }

    /** The offset that may be committed now: the next one to be read after a restart. */
    long position() {
        Receipt oldest = oldest();
        return oldest == null ? next : oldest.offset();
    }

    /** The offset behind the last record that was received. */
    long next() {
        return next;
    }

    /** What is not done, in the order of offsets, and some of what is. */
    Iterable<Receipt> window() {
        return window;
    }

    /** Nothing more comes from before this offset. */
    void skipTo(long offset) {
        next = Math.max(next, offset);
    }

    /** The first record that is not done; null: all are. */
    @Nullable
    Receipt oldest() {
        Receipt head = window.peekFirst();
        while (head != null && head.isDone()) {
            window.removeFirst();
            head = window.peekFirst();
        }
        return head;
    }
}
