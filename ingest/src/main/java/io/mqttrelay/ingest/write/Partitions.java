package io.mqttrelay.ingest.write;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The partition queues of one topic, one for each partition that Kafka's client knows. A message goes to the
 * partition that Kafka's client would choose for its key. Confined to {@code ingest-writer}, except {@link #producer}
 * and {@link #inTurn}.
 */
final class Partitions {
    /** In place of a number, as all negative ones: Kafka's client chooses. */
    static final int ANY = -1;

    /**
     * Interval of the check for the number of partitions: partitions may be added, and a client forgets unused
     * topics.
     */
    private static final long LOOK = Duration.ofSeconds(30).toNanos();

    private static final long FIRST_WAIT = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();

    private final String topic;
    private volatile List<PartitionQueue> queues = List.of();
    private volatile @Nullable Generation knownTo;
    private int count;
    private long due;
    private long wait = FIRST_WAIT;
    private @Nullable Long unknownSince;
    private boolean looked;
    private volatile int turn;

    Partitions(String topic) {
        this.topic = topic;
    }

    /** Whether {@code name} is this topic. Any thread. */
    boolean areOf(String name) {
        return topic.equals(name);
    }

    boolean known() {
        return count > 0;
    }

    /**
     * The producers that know the topic, so that a send does not wait; null: none. They may be stuck ones, until new ones
     * know the topic. Any thread.
     */
    @Nullable
    Generation producer() {
        Generation known = knownTo;
        return known == null || !known.isUsable() ? null : known;
    }

    /**
     * Checks the number of partitions when it is time.
     *
     * @return the waiting messages that must be assigned again, in the order of arrival
     */
    List<Slot> look(Generation producer, long now) {
        boolean known = knownTo == producer;
        if (looked && now - due < 0 && (known || wait > FIRST_WAIT)) {
            return List.of();
        }
        looked = true;
        int found = producer.partitions(topic);
        if (found == 0) {
            unknownSince = unknownSince == null ? Long.valueOf(now) : unknownSince;
            due = now + wait;
            wait = Math.min(LONGEST_WAIT, wait * 2);
            return List.of();
        }
        knownTo = producer;
        unknownSince = null;
        due = now + LOOK;
        wait = FIRST_WAIT;
        return found == count ? List.of() : divide(found);
    }

    private List<Slot> divide(int found) {
        List<PartitionQueue> all = new ArrayList<>(queues);
        List<Slot> waiting = new ArrayList<>();
        all.forEach(queue -> waiting.addAll(queue.remove(slot -> true)));
        waiting.sort(Comparator.comparingLong(slot -> slot.sequence));
        while (all.size() < found) {
            all.add(new PartitionQueue(all.size()));
        }
        count = found;
        queues = List.copyOf(all);
        return waiting;
    }

    /** Forgets the topic because Kafka's client has lost it; the next check looks for it. */
    void forget(long now) {
        if (knownTo != null) {
            knownTo = null;
            due = now;
            unknownSince = now;
        }
    }

    /** How long Kafka's client has not known the topic, nanoseconds; 0: it knows it. */
    long unknownFor(long now) {
        Long since = unknownSince;
        return since == null ? 0 : now - since;
    }

    /** The queue of a message's partition. */
    PartitionQueue of(Write write) {
        return queues.get(Utils.toPositive(Utils.murmur2(write.key())) % count);
    }

    @Nullable
    PartitionQueue find(int partition) {
        List<PartitionQueue> all = queues;
        return partition < all.size() ? all.get(partition) : null;
    }

    void each(Consumer<PartitionQueue> action) {
        queues.forEach(action);
    }

    /** Visits all queues, and starts with another one each time. Any thread. */
    void inTurn(Consumer<PartitionQueue> action) {
        List<PartitionQueue> all = queues;
        int begin = turn;
        turn = begin + 1;
        for (int i = 0; i < all.size(); i++) {
            action.accept(all.get(Math.floorMod(begin + i, all.size())));
        }
    }

    boolean any(Predicate<PartitionQueue> which) {
        for (PartitionQueue queue : queues) {
            if (which.test(queue)) {
                return true;
            }
        }
        return false;
    }

    /** The problem of the first partition that has one. */
    @Nullable
    String trouble() {
        for (PartitionQueue queue : queues) {
            String why = queue.trouble();
            if (why != null) {
                return why;
            }
        }
        return null;
    }
}
