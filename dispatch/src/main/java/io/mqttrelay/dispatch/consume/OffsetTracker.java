package io.mqttrelay.dispatch.consume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What of one partition and address is in memory. Deliveries are done in any order; what is not done keeps the position. It
 * follows the records that were received, never offset arithmetic: offsets have gaps where compaction, transactions or other
 * routes left them.
 *
 * <p>Only what is not done is kept: one record that is tried again for an hour costs its own memory, not that of the
 * thousands behind it. Confined to the consumer thread.
 */
final class OffsetTracker {
    private static final int FIRST_SWEEP = 1024;

    /** In the order in which they were received, which is that of offsets; some are done. */
    private final ArrayDeque<Receipt> window = new ArrayDeque<>();
    /** What stayed in memory when others were dropped: those come again, and lie before some of these. Also in order. */
    private final ArrayDeque<Receipt> left = new ArrayDeque<>();

    private long last = -1;
    private int sweepAt = FIRST_SWEEP;

    /**
     * Follows one more record.
     *
     * @throws IllegalStateException when it does not come after every earlier one since {@link #dropUnloaded}
     */
    void received(Receipt receipt) {
        if (receipt.offset() <= last) {
            throw new IllegalStateException("offset " + receipt.offset() + " was received after " + last);
        }
        last = receipt.offset();
        window.addLast(receipt);
        if (window.size() >= sweepAt) {
            window.removeIf(each -> !each.isLoaded());
            // twice what is left: sweeping costs each record a constant share
            sweepAt = Math.max(FIRST_SWEEP, 2 * window.size());
        }
    }

    /** The first record that is in memory and not done; null: none is. */
    @Nullable
    Receipt oldest() {
        Receipt stayed = head(left);
        Receipt received = head(window);
        if (stayed == null || received == null) {
            return stayed == null ? received : stayed;
        }
        return stayed.offset() < received.offset() ? stayed : received;
    }

    private static @Nullable Receipt head(ArrayDeque<Receipt> receipts) {
        Receipt head = receipts.peekFirst();
        while (head != null && !head.isLoaded()) {
            receipts.removeFirst();
            head = receipts.peekFirst();
        }
        return head;
    }

    /** What is in memory and not done, in the order of offsets. */
    void forEachOpen(Consumer<Receipt> each) {
        if (left.isEmpty()) {
            window.forEach(receipt -> ifLoaded(receipt, each));
        } else {
            inOrder(Receipt::isLoaded).forEach(each);
        }
    }

    private static void ifLoaded(Receipt receipt, Consumer<Receipt> each) {
        if (receipt.isLoaded()) {
            each.accept(receipt);
        }
    }

    /**
     * Forgets what was dropped from memory; it may be received again.
     *
     * @return what was dropped, in the order of offsets
     */
    List<Receipt> dropUnloaded() {
        List<Receipt> dropped = inOrder(Receipt::isUnloaded);
        List<Receipt> kept = inOrder(Receipt::isLoaded);
        window.clear();
        left.clear();
        left.addAll(kept);
        last = -1;
        return dropped;
    }

    private List<Receipt> inOrder(Predicate<Receipt> which) {
        List<Receipt> all = new ArrayList<>();
        left.stream().filter(which).forEach(all::add);
        window.stream().filter(which).forEach(all::add);
        all.sort(Comparator.comparingLong(Receipt::offset));
        return all;
    }
}
