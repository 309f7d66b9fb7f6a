package io.mqttrelay.dispatch.position;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the deliveries of one partition and address in memory. Deliveries complete in any order; the oldest open one
 * holds the committed offset back. The tracker follows the received records and does no offset arithmetic: compaction,
 * transactions and other routes leave gaps between offsets.
 *
 * <p>Completed deliveries are not kept. So one record that is retried for an hour costs its own memory, not that of the
 * thousands after it. Consumer thread.
 */
final class OffsetTracker {
    private static final int FIRST_SWEEP = 1024;

    /** In the order in which they were read, which is that of offsets; some are complete. */
    private final ArrayDeque<OffsetState> window = new ArrayDeque<>();
    /**
     * Deliveries that stayed in memory when others were dropped: dropped records come again, and may lie before some of
     * these. In the order of offsets.
     */
    private final ArrayDeque<OffsetState> left = new ArrayDeque<>();

    /** Records that were read out of order, for blocked lanes. By offset; some are complete. */
    private final TreeMap<Long, OffsetState> again = new TreeMap<>();

    private long last = -1;
    private int sweepAt = FIRST_SWEEP;
    private int sweepAgainAt = FIRST_SWEEP;

    /**
     * Tracks one more record.
     *
     * @throws IllegalStateException if it does not come after every earlier one since {@link #dropUnloaded}
     */
    void received(OffsetState state) {
        if (state.offset() <= last) {
            throw new IllegalStateException("offset " + state.offset() + " was received after " + last);
        }
        last = state.offset();
        window.addLast(state);
        if (window.size() >= sweepAt) {
            window.removeIf(each -> !each.isLoaded());
            // twice the remaining number: a sweep costs each record a constant share
            sweepAt = Math.max(FIRST_SWEEP, 2 * window.size());
        }
    }

    /** Tracks one more record, which may come before others that were received. */
    void receivedAgain(OffsetState state) {
        again.put(state.offset(), state);
        if (again.size() >= sweepAgainAt) {
            again.values().removeIf(each -> !each.isLoaded());
            sweepAgainAt = Math.max(FIRST_SWEEP, 2 * again.size());
        }
    }

    /** The first record in memory that is not complete; null: there is none. */
    @Nullable
    OffsetState oldest() {
        Map.Entry<Long, OffsetState> first = again.firstEntry();
        while (first != null && !first.getValue().isLoaded()) {
            again.pollFirstEntry();
            first = again.firstEntry();
        }
        return earlier(earlier(head(left), head(window)), first == null ? null : first.getValue());
    }

    private static @Nullable OffsetState earlier(@Nullable OffsetState one, @Nullable OffsetState other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.offset() < other.offset() ? one : other;
    }

    private static @Nullable OffsetState head(ArrayDeque<OffsetState> states) {
        OffsetState head = states.peekFirst();
        while (head != null && !head.isLoaded()) {
            states.removeFirst();
            head = states.peekFirst();
        }
        return head;
    }

    /** Visits the records in memory that are not complete, in the order of offsets. */
    void forEachOpen(Consumer<OffsetState> each) {
        if (left.isEmpty() && again.isEmpty()) {
            window.forEach(state -> ifLoaded(state, each));
        } else {
            inOrder(OffsetState::isLoaded).forEach(each);
        }
    }

    /** Whether a record in memory that is not complete satisfies this. */
    boolean isAnyOpen(Predicate<OffsetState> test) {
        return areOpen(1, test);
    }

    /** Whether at least this many records in memory that are not complete satisfy this. */
    boolean areOpen(int count, Predicate<OffsetState> test) {
        return Stream.of(window, left, again.values())
                        .flatMap(Collection::stream)
                        .filter(state -> state.isLoaded() && test.test(state))
                        .limit(count)
                        .count()
                == count;
    }

    private static void ifLoaded(OffsetState state, Consumer<OffsetState> each) {
        if (state.isLoaded()) {
            each.accept(state);
        }
    }

    /**
     * Forgets the records that were dropped from memory; they may be received again.
     *
     * @return the dropped records, in the order of offsets
     */
    List<OffsetState> dropUnloaded() {
        List<OffsetState> dropped = inOrder(OffsetState::isUnloaded);
        List<OffsetState> kept = inOrder(OffsetState::isLoaded);
        window.clear();
        again.clear();
        left.clear();
        left.addAll(kept);
        last = -1;
        return dropped;
    }

    private List<OffsetState> inOrder(Predicate<OffsetState> which) {
        List<OffsetState> all = new ArrayList<>();
        left.stream().filter(which).forEach(all::add);
        again.values().stream().filter(which).forEach(all::add);
        window.stream().filter(which).forEach(all::add);
        all.sort(Comparator.comparingLong(OffsetState::offset));
        return all;
    }
}
