package io.mqttrelay.ingest.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one Kafka partition in the order of arrival. At most one group of them is in flight in Kafka's
 * client. A group ends as a whole before the next one begins, so a refused message returns to its place before a
 * later one is sent.
 *
 * <p>Guarded by its own lock, which is held for a few instructions and never during a call to another object. A group
 * is opened by {@link #open}, filled by the same thread, and closed by {@link #close}.
 */
final class PartitionQueue {
    /** The group has not ended. */
    static final long GOES_ON = -1;

    private static final Comparator<Slot> LATEST_FIRST =
            Comparator.comparingLong((Slot slot) -> slot.sequence).reversed();

    /** The partition's number; negative: Kafka's client chooses. */
    final int partition;

    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final List<Slot> back = new ArrayList<>();

    /** The group's messages in flight, plus one while the group is being filled. */
    private int open;

    private long cost;
    private boolean halted;
    private boolean refused;
    private boolean alone;

    private volatile long since;
    private volatile boolean busy;
    private volatile @Nullable Generation producer;
    private volatile @Nullable String topic;
    private volatile @Nullable String trouble;

    /** Since when the partition could have stored the group in flight. Confined to {@code ingest-writer}. */
    private @Nullable Long healthySince;

    PartitionQueue(int partition) {
        this.partition = partition;
    }

    /** Whether this is a queue of dead letters. */
    boolean isOfDeadLetters() {
        return partition < 0;
    }

    synchronized void add(Slot slot) {
        waiting.add(slot);
    }

    /**
     * Begins a group, if none is in flight and the partition may send.
     *
     * @param now {@code nanoTime}
     */
    synchronized boolean open(Generation with, long now) {
        if (open > 0 || halted || refused || waiting.isEmpty()) {
            return false;
        }
        open = 1;
        cost = 0;
        since = now;
        busy = true;
        producer = with;
        return true;
    }

    /** Whether the group may hold several messages. After a refusal each message goes alone until one is stored. */
    synchronized boolean takesSeveral() {
        return !alone;
    }

    synchronized @Nullable Slot first() {
        return waiting.peek();
    }

    synchronized boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Takes the first message into the group or out of the queue; false: {@code slot} is no longer the first. */
    synchronized boolean take(Slot slot, boolean intoGroup) {
        if (waiting.peek() != slot) {
            return false;
        }
        waiting.remove();
        open += intoGroup ? 1 : 0;
        return true;
    }

    /** Sets the memory that the group takes in Kafka's client. */
    synchronized void costs(long bytes) {
        cost = bytes;
    }

    /** Reports a refused message: no other one is handed over until the whole group has ended. */
    synchronized void halt() {
        halted = true;
    }

    synchronized boolean isHalted() {
        return halted;
    }

    /** Marks the group as filled. Answers as {@link #ended}. */
    synchronized long close() {
        return ended();
    }

    /** Ends a stored message. Answers as {@link #ended}. */
    synchronized long stored() {
        alone = false;
        if (trouble != null) {
            trouble = null;
        }
        return ended();
    }

    /** Ends a message that leaves for another queue. Answers as {@link #ended}. */
    synchronized long left() {
        return ended();
    }

    /** Returns a message to be sent again. Answers as {@link #ended}. */
    synchronized long gaveBack(Slot slot) {
        back.add(slot);
        alone = true;
        return ended();
    }

    /** Counts one message less in flight. Returns {@link #GOES_ON}, or the cost of the group that has ended. */
    private long ended() {
        open--;
        if (open > 0) {
            return GOES_ON;
        }
        back.sort(LATEST_FIRST);
        back.forEach(waiting::addFirst);
        back.clear();
        halted = false;
        busy = false;
        producer = null;
        return cost;
    }

    /** Stops sending after Kafka has refused records, until {@link #retry}. */
    synchronized void refuse(String why) {
        refused = true;
        trouble = why;
    }

    synchronized boolean isRefused() {
        return refused;
    }

    synchronized void retry() {
        refused = false;
    }

    /** The last problem since a message was stored; null: none, or no message waits. Any thread. */
    @Nullable
    String trouble() {
        String why = trouble;
        return why == null || isIdle() ? null : why;
    }

    synchronized boolean isIdle() {
        return open == 0 && waiting.isEmpty();
    }

    /** Removes the messages that {@code which} selects. */
    List<Slot> remove(Predicate<Slot> which) {
        List<Slot> removed = new ArrayList<>();
        synchronized (this) {
            waiting.removeIf(slot -> which.test(slot) && removed.add(slot));
        }
        return removed;
    }

    /** How long the group has been in flight, nanoseconds; 0: none is. Any thread. */
    long age(long now) {
        return busy ? Math.max(1, now - since) : 0;
    }

    /** The producers that have the group; null: no group is in flight. Any thread. */
    @Nullable
    Generation producer() {
        return producer;
    }

    void topic(String name) {
        topic = name;
    }

    /** The topic of the group; null before the first. Any thread. */
    @Nullable
    String topic() {
        return topic;
    }

    /** {@code nanoTime} of the group's start, which identifies the group. Any thread. */
    long since() {
        return since;
    }

    /** Records whether the partition can store records. Returns since when it can; null: it cannot. */
    @Nullable
    Long healthy(boolean healthy, long now) {
        if (!healthy) {
            healthySince = null;
        } else {
            Long before = healthySince;
            healthySince = before == null || before - since < 0 ? Long.valueOf(now) : before;
        }
        return healthySince;
    }
}
