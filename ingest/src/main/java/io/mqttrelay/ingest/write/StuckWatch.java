package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds partitions whose records a producer will never store although Kafka could. For example, a producer may retry
 * a batch for ever that the leader answers with OUT_OF_ORDER_SEQUENCE. Such producers are replaced. While Kafka is
 * away, or a partition has no leader or too few replicas, the producer must wait.
 */
@CalledOn("ingest-writer")
final class StuckWatch {
    /** A group that is longer in flight is examined. A partition that could have stored it for this time is stuck. */
    static final Duration STUCK = Duration.ofSeconds(60);

    private static final long EVERY = Duration.ofSeconds(10).toNanos();

    /** A group that is longer in flight does not keep replaced producers open. */
    private static final long BUSY = Duration.ofSeconds(10).toNanos();

    /** Partitions that are examined at a time. */
    private static final int MOST = 100;

    private final LongSupplier nanoTime;
    private long lastLook;
    /** The number of the next suspect to examine, so that each has its turn. */
    private int turn;

    StuckWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Asks from time to time about groups that have been in flight for long. */
    void look(Collection<AppQueue> apps, RecordWriter.@Nullable Topics topics, long now) {
        if (topics == null || now - lastLook < EVERY) {
            return;
        }
        lastLook = now;
        List<RecordWriter.Suspect> suspects = new ArrayList<>();
        for (AppQueue app : apps) {
            if (app.age() > STUCK.toNanos()) {
                app.queues(queue -> suspect(app, queue, now, suspects));
            }
        }
        if (!suspects.isEmpty()) {
            topics.examine(inTurn(suspects));
        }
    }

    private List<RecordWriter.Suspect> inTurn(List<RecordWriter.Suspect> suspects) {
        int first = turn % suspects.size();
        turn = first + MOST;
        Collections.rotate(suspects, -first);
        return List.copyOf(suspects.subList(0, Math.min(MOST, suspects.size())));
    }

    private static void suspect(AppQueue app, PartitionQueue queue, long now, List<RecordWriter.Suspect> suspects) {
        String topic = queue.topic();
        if (topic != null && queue.age(now) > STUCK.toNanos()) {
            suspects.add(new RecordWriter.Suspect(app.appId(), topic, queue.partition));
        }
    }

    /** Records the answer, and replaces the producers of a group that could have been stored long ago. */
    void examined(
            List<RecordWriter.Suspect> suspects,
            Set<RecordWriter.Suspect> healthy,
            Map<String, AppQueue> apps,
            LiveProducer producer) {
        long now = nanoTime.getAsLong();
        for (RecordWriter.Suspect suspect : suspects) {
            AppQueue app = apps.get(suspect.appId());
            PartitionQueue queue = app == null ? null : app.queue(suspect.partition());
            Generation with = queue == null ? null : queue.producer();
            if (queue == null || with == null) {
                continue;
            }
            Long since = queue.healthy(healthy.contains(suspect), now);
            if (since != null && now - since >= STUCK.toNanos()) {
                producer.replace(with, text(suspect, queue.age(now)));
            }
        }
    }

    private static String text(RecordWriter.Suspect suspect, long age) {
        return "app " + suspect.appId() + ": a record for topic " + suspect.topic()
                + (suspect.partition() < 0 ? "" : " partition " + suspect.partition()) + " has not been stored for "
                + Duration.ofNanos(age).toSeconds() + " s, though the partition has a leader and replicas enough";
    }

    /** Whether these producers have a group in flight that may still be stored. */
    boolean isBusy(Generation producer, Collection<AppQueue> apps, long now) {
        boolean[] busy = {false};
        for (AppQueue app : apps) {
            app.queues(queue -> busy[0] |= queue.producer() == producer && queue.age(now) < BUSY);
        }
        return busy[0];
    }
}
