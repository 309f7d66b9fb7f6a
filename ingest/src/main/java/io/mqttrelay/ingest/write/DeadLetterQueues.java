package io.mqttrelay.ingest.write;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The queues of one app's dead letters. Dead letters keep no order among themselves, so several of them may be in
 * flight at a time, one of each queue. The queues have negative numbers in place of a partition. Any thread, except
 * {@link #next}.
 */
final class DeadLetterQueues {
    /** The most dead letters of an app that are in flight. */
    static final int MOST = 16;

    /** The memory of small dead letters in Kafka's client, so that they take the place of no message of their app. */
    final SendWindow window;

    private volatile List<PartitionQueue> queues = List.of();
    private int turn;

    DeadLetterQueues(SendWindow window) {
        this.window = window;
    }

    /** The queue for the next dead letter. On {@code ingest-writer}. */
    PartitionQueue next() {
        List<PartitionQueue> all = queues;
        for (PartitionQueue queue : all) {
            if (queue.isIdle() && !queue.isRefused()) {
                return queue;
            }
        }
        if (all.size() < MOST) {
            List<PartitionQueue> more = new ArrayList<>(all);
            PartitionQueue queue = new PartitionQueue(Partitions.ANY - all.size());
            more.add(queue);
            queues = List.copyOf(more);
            return queue;
        }
        turn = (turn + 1) % MOST;
        return all.get(turn);
    }

    @Nullable
    PartitionQueue find(int number) {
        List<PartitionQueue> all = queues;
        int index = Partitions.ANY - number;
        return index < all.size() ? all.get(index) : null;
    }

    void each(Consumer<PartitionQueue> action) {
        queues.forEach(action);
    }

    boolean any(Predicate<PartitionQueue> which) {
        for (PartitionQueue queue : queues) {
            if (which.test(queue)) {
                return true;
            }
        }
        return false;
    }

    /** The problem of the first queue that has one. */
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
