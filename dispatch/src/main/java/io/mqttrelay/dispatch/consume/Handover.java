package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.member.DrainingAssignor;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.Destinations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Gives partitions away without repeating a call and without delaying other apps. A partition with a slow address is
 * drained first: that address gets no new call from it, the other addresses go on. When its calls in flight have ended,
 * or {@code dispatch.rebalance_wait} has passed, another rebalance moves the partition. At the end of the process all
 * partitions are drained in the same way.
 */
@CalledOn("dispatch-consumer")
final class Handover implements DrainingAssignor.Member, ConsumerRebalanceListener {
    private static final Logger log = LogManager.getLogger(Handover.class);

    /** Each rebalance stops the commits of all dispatchers for a moment. */
    private static final long BETWEEN_REBALANCES = Duration.ofSeconds(3).toNanos();

    /**
     * Calls in flight of a drained partition are quick; if one takes longer than this, all other partitions are
     * committed meanwhile.
     */
    private static final Duration COMMIT_MEANWHILE = Duration.ofMillis(500);

    /** The state of a partition that is to be given away. */
    private static final class Draining {
        private final long since;
        private boolean done;
        private boolean overdue;

        Draining(long since) {
            this.since = since;
        }
    }

    private final Consumer<?, ?> consumer;
    private final Assignments assignments;
    private final Destinations destinations;
    private final OffsetCommitter committer;
    private final Heartbeat heartbeat;
    private final Duration wait;
    private final ConsumerTime time;

    private final Map<Assignment, Draining> draining = new LinkedHashMap<>();
    private boolean rejoin;
    private long lastRejoin;
    private boolean leaving;

    /** @param wait {@code dispatch.rebalance_wait} */
    Handover(
            Consumer<?, ?> consumer,
            Assignments assignments,
            Destinations destinations,
            OffsetCommitter committer,
            Heartbeat heartbeat,
            Duration wait,
            ConsumerTime time) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.destinations = destinations;
        this.committer = committer;
        this.heartbeat = heartbeat;
        this.wait = wait;
        this.time = time;
        this.lastRejoin = now() - BETWEEN_REBALANCES;
    }

    private long now() {
        return time.nanoTime().getAsLong();
    }

    /** Partitions that have a slow address and are not drained. */
    @Override
    public Set<TopicPartition> busy() {
        Set<Long> slow = destinations.slowAddresses();
        Set<TopicPartition> busy = new HashSet<>();
        for (Assignment assignment : assignments.all()) {
            Draining given = draining.get(assignment);
            if ((given == null || !given.done) && isBusy(assignment, slow)) {
                busy.add(assignment.partition());
            }
        }
        return busy;
    }

    private static boolean isBusy(Assignment assignment, Set<Long> slow) {
        for (Cursor cursor : assignment.cursors()) {
            if (isSlow(cursor, slow)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSlow(Cursor cursor, Set<Long> slow) {
        return slow.contains(cursor.window().key());
    }

    @Override
    public void drain(Set<TopicPartition> partitions) {
        if (leaving) {
            return;
        }
        long now = now();
        for (Assignment assignment : assignments.all()) {
            if (partitions.contains(assignment.partition())) {
                draining.computeIfAbsent(assignment, begun -> new Draining(now));
            } else if (draining.remove(assignment) != null) {
                resume(assignment); // the partition stays here after all
            }
        }
        draining.keySet().removeIf(assignment -> !assignment.isCurrent());
        if (!draining.isEmpty()) {
            log.info(
                    "{} partitions are given to another dispatcher when their calls in flight have ended, within {} s",
                    draining.size(),
                    wait.toSeconds());
        }
    }

    private void resume(Assignment assignment) {
        assignment.cursors().forEach(cursor -> cursor.drain(false));
        assignments.touched(assignment);
    }

    /** Continues the draining; does not wait. */
    void step() {
        if (draining.isEmpty()) {
            return;
        }
        Set<Long> slow = destinations.slowAddresses();
        long now = now();
        draining.forEach((assignment, state) -> {
            boolean inFlight = takeBackSlow(assignment, slow);
            boolean over = inFlight && !leaving && now - state.since >= wait.toNanos();
            if (!state.done && (!inFlight || over)) {
                state.done = true;
                state.overdue = over;
                rejoin = true;
            }
        });
        if (rejoin && !leaving && now - lastRejoin >= BETWEEN_REBALANCES) {
            rejoin = false;
            lastRejoin = now;
            consumer.enforceRebalance("partitions are drained");
        }
    }

    /**
     * Drops deliveries to slow addresses that are not in flight.
     *
     * @return whether deliveries to slow addresses are in flight, or not durable yet
     */
    private boolean takeBackSlow(Assignment assignment, Set<Long> slow) {
        boolean inFlight = false;
        for (Cursor cursor : assignment.cursors()) {
            if (!cursor.isDraining() && isSlow(cursor, slow)) {
                cursor.drain(true);
            }
            if (cursor.isDraining()) {
                if (cursor.isInStep() || cursor.open() > 0) {
                    destinations.takeBack(assignment, cursor.window().key());
                    cursor.takeBack(assignment.next());
                    assignments.touched(assignment);
                }
                inFlight |= cursor.open() > 0;
            }
        }
        return inFlight;
    }

    /** Begins the end of the process: all partitions are drained, also those assigned later. */
    void leave() {
        leaving = true;
    }

    /** Continues the draining; returns whether a call of a slow address is in flight. */
    boolean isWaitingToLeave() {
        long now = now();
        assignments.all().forEach(assignment -> draining.computeIfAbsent(assignment, begun -> new Draining(now)));
        step();
        return draining.values().stream().anyMatch(state -> !state.done);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assignments.assigned(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<Assignment> ended = assignments.end(partitions);
        try {
            giveAway(ended, wait);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Waits for the calls in flight of ended assignments, cancels those that are late, and commits. */
    void giveAway(List<Assignment> ended, Duration patience) throws InterruptedException {
        destinations.withdraw(ended);
        List<Assignment> waitedFor = new ArrayList<>(ended);
        waitedFor.removeIf(this::isOverdue);
        boolean quiet = awaitQuiet(waitedFor, patience);
        if (!quiet || waitedFor.size() < ended.size()) {
            log.warn(
                    "calls were still in flight after {} s and are ended; they will be repeated", patience.toSeconds());
            destinations.cancelWithdrawn();
        }
        committer.commitNow(ended);
        draining.keySet().removeAll(ended);
    }

    private boolean isOverdue(Assignment assignment) {
        Draining state = draining.get(assignment);
        return state != null && state.overdue;
    }

    private boolean awaitQuiet(List<Assignment> ended, Duration patience) throws InterruptedException {
        long deadline = now() + patience.toNanos();
        for (Assignment assignment : ended) {
            long left = deadline - now();
            while (!time.waits().untilQuiet(assignment, Math.min(left, COMMIT_MEANWHILE.toNanos()))) {
                left = deadline - now();
                if (left <= 0) {
                    return false;
                }
                long asked = heartbeat.now();
                if (committer.confirm(assignments.all())) {
                    heartbeat.answeredAfter(asked); // otherwise the partitions that stay could send nothing
                }
            }
        }
        return true;
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        // another dispatcher owns them already: nothing may be committed for them
        List<Assignment> ended = assignments.end(partitions);
        draining.keySet().removeAll(ended);
        destinations.withdraw(ended);
        destinations.cancelWithdrawn();
        if (!ended.isEmpty()) {
            log.warn("{} partitions were lost to other dispatchers; what was out will be repeated there", ended.size());
        }
    }
}
