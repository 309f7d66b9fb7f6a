package io.mqttrelay.dispatch.flow;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.position.Assignment;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Discards fetched data of single partitions from the buffer of Kafka's client. The client keeps data of a paused
 * partition, and data that it cannot read, without end. It discards data when it reaches it and the partition's fetch
 * position is another. So the fetch position is set one higher for a poll, and set back after it. Data of other
 * partitions stays.
 *
 * <p>This bounds the client's memory: it keeps data of a few paused partitions, for one second.
 */
@CalledOn("dispatch-consumer")
public final class FetchBuffer {
    /** Most paused partitions whose data the client may keep; each may keep a whole fetch response alive. */
    public static final int MOST_LEFT = 24;

    private static final long KEPT_LONGEST = TimeUnit.SECONDS.toNanos(1);
    private static final int LARGE = 64 * 1024;

    /** The longest wait until the client reaches the data: everything before it must be handed over first. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    /**
     * Data to be discarded.
     *
     * @param unreadable it is the first that the next poll reaches
     */
    private record Drop(boolean unreadable, long since) {}

    private final Consumer<?, ?> consumer;
    private final LongSupplier nanoTime;
    private final Map<Assignment, Drop> drops = new LinkedHashMap<>();
    /** Paused partitions that may have data left, and since when; the one that was paused first is the first. */
    private final Map<Assignment, Long> left = new LinkedHashMap<>();
    /** Partitions whose last record was large: the client keeps it decompressed. */
    private final Set<Assignment> large = new HashSet<>();
    /** Paused partitions without data. */
    private final Set<Assignment> emptied = new HashSet<>();

    private long nextLook;
    private long nextLookAtAll;

    public FetchBuffer(Consumer<?, ?> consumer, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.nanoTime = nanoTime;
        this.nextLook = nanoTime.getAsLong();
        this.nextLookAtAll = nextLook;
    }

    /** Lets the next poll discard data that the last one could not read. */
    public void dropUnreadable(Assignment assignment) {
        drops.put(assignment, new Drop(true, nanoTime.getAsLong()));
    }

    /**
     * Lets the next polls discard the data of a paused partition; it is fetched again when the partition is resumed.
     */
    void drop(Assignment assignment) {
        drops.putIfAbsent(assignment, new Drop(false, nanoTime.getAsLong()));
    }

    /** Notes the size of the last record of a partition that a poll has returned. */
    public void brought(Assignment assignment, int bytes) {
        if (bytes >= LARGE) {
            large.add(assignment);
        } else if (!large.isEmpty()) {
            large.remove(assignment);
        }
    }

    /** Whether it is time to look at all paused partitions: Kafka's client may have fetched data of them meanwhile. */
    boolean looksAtAll() {
        long now = nanoTime.getAsLong();
        boolean looks = now - nextLookAtAll >= 0;
        if (looks) {
            nextLookAtAll = now + KEPT_LONGEST;
        }
        return looks;
    }

    /**
     * Notes that the partition is paused. Data of large records is discarded; data of a partition that waits for its
     * turn is kept.
     */
    void paused(Assignment assignment) {
        boolean holdsLarge = large.contains(assignment);
        if (emptied.contains(assignment) || (assignment.paused() == Assignment.Pause.TURN && !holdsLarge)) {
            return;
        }
        if (holdsLarge) {
            large.remove(assignment);
            left.remove(assignment);
            empty(assignment);
        } else if (!left.containsKey(assignment) && hasBacklog(assignment)) {
            left.put(assignment, nanoTime.getAsLong());
        }
    }

    private void empty(Assignment assignment) {
        emptied.add(assignment);
        drop(assignment);
    }

    /** Notes that the partition is resumed. */
    void resumed(Assignment assignment) {
        left.remove(assignment);
        emptied.remove(assignment);
    }

    /** Whether the partition has unread records, as far as the client knows from the data that it has looked at. */
    private boolean hasBacklog(Assignment assignment) {
        return consumer.currentLag(assignment.partition()).orElse(0) > 0;
    }

    /** Discards data of partitions that are paused for long, and, where they are many, of those paused first. */
    public void trim() {
        long now = nanoTime.getAsLong();
        if (left.size() <= MOST_LEFT && now - nextLook < 0) {
            return;
        }
        nextLook = now + KEPT_LONGEST;
        for (Iterator<Map.Entry<Assignment, Long>> each = left.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Assignment, Long> entry = each.next();
            boolean dropped = left.size() > MOST_LEFT || now - entry.getValue() >= KEPT_LONGEST;
            if (!dropped) {
                break;
            }
            each.remove();
            if (entry.getKey().isCurrent()) {
                empty(entry.getKey());
            }
        }
        emptied.removeIf(each -> !each.isCurrent());
        large.removeIf(each -> !each.isCurrent());
    }

    /** Whether records that a poll returns now belong to data being discarded: they come again. */
    public boolean isDropping(Assignment assignment) {
        return drops.containsKey(assignment);
    }

    public boolean isDropping() {
        return !drops.isEmpty();
    }

    public void beforePoll() {
        if (drops.isEmpty()) {
            return;
        }
        Set<TopicPartition> assigned = consumer.assignment();
        drops.entrySet()
                .removeIf(each -> !assigned.contains(each.getKey().partition())
                        || !each.getKey().isCurrent()
                        || (!each.getValue().unreadable() && !each.getKey().rests()));
        drops.keySet().forEach(assignment -> {
            consumer.resume(List.of(assignment.partition()));
            consumer.seek(assignment.partition(), assignment.next() + 1);
        });
    }

    /**
     * Sets the fetch positions back.
     *
     * @param polled whether the poll completed
     * @param brought whether it returned records: then there may be more before the data to be discarded
     */
    public void afterPoll(boolean polled, boolean brought) {
        if (drops.isEmpty()) {
            return;
        }
        Set<TopicPartition> assigned = consumer.assignment(); // the poll may have changed it
        drops.keySet().removeIf(each -> !assigned.contains(each.partition()) || !each.isCurrent());
        drops.keySet().forEach(assignment -> {
            consumer.seek(assignment.partition(), assignment.next());
            if (assignment.rests()) {
                consumer.pause(List.of(assignment.partition()));
            }
        });
        long now = nanoTime.getAsLong();
        drops.values().removeIf(drop -> polled && (drop.unreadable() || !brought || now - drop.since() >= LONGEST));
    }
}
