package io.mqttrelay.dispatch.consume;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What of one partition may be committed. Records are done in any order; the position moves only over those before which
 * everything is done. It follows the records that were received, never offset arithmetic: offsets have gaps where
 * compaction or transactions left them. Confined to the consumer thread.
 */
final class OffsetTracker {
    private final ArrayDeque<Receipt> window = new ArrayDeque<>();
    private long position;

    /** @param position the next offset to be read when the assignment began */
    OffsetTracker(long position) {
        this.position = position;
    }

    /** @throws IllegalStateException when the record does not come after every earlier one */
    void received(Receipt receipt) {
        Receipt last = window.peekLast();
        long before = last == null ? position - 1 : last.offset();
        if (receipt.offset() <= before) {
            throw new IllegalStateException("offset " + receipt.offset() + " was received after " + before);
        }
        window.addLast(receipt);
    }

    /** The offset that may be committed now: the next one to be read after a restart. */
    long position() {
        for (Receipt head = window.peekFirst(); head != null && head.isDone(); head = window.peekFirst()) {
            window.removeFirst();
            position = head.offset() + 1;
        }
        return position;
    }

    /** Records received and not yet passed by the position. */
    int size() {
        return window.size();
    }

    /** The first record that is not done; null: all are. */
    @Nullable
    Receipt oldest() {
        position();
        return window.peekFirst();
    }
}
