package io.mqttrelay.dispatch.flow;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Assignment.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps memory within its bound by pausing partitions, and lets partitions with a backlog take turns, so that the
 * records in memory belong to many lanes. Every step compares the wanted pauses with those of the consumer, since the
 * consumer may lose a pause at a rebalance or a seek.
 */
@CalledOn("dispatch-consumer")
public final class Backpressure {
    /** The partitions of this dispatcher. */
    public interface Partitions {
        /** Partitions with something to commit, to finish or to resume. */
        Set<Assignment> active();

        /** Whether any partition is active. */
        boolean busy();
    }

    /** The longest wait for the turns of other partitions: they may have records for ever. */
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(5);

    private final Consumer<byte[], byte[]> consumer;
    private final LaneBlocking blocking;
    private final PausePolicy pausePolicy;
    private final FetchBuffer fetched;
    private final LongSupplier nanoTime;
    private boolean waitForTurns;
    private long firstWaits;

    /**
     * @param fetched notified of paused and resumed partitions
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public Backpressure(
            Consumer<byte[], byte[]> consumer,
            LaneBlocking blocking,
            PausePolicy pausePolicy,
            FetchBuffer fetched,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.blocking = blocking;
        this.pausePolicy = pausePolicy;
        this.fetched = fetched;
        this.nanoTime = nanoTime;
    }

    /**
     * Pauses and resumes partitions.
     *
     * @param brought whether the last poll returned records: if so, the turn of a partition is not over
     */
    public void pauseAndResume(Partitions assignments, boolean brought) {
        long now = nanoTime.getAsLong();
        boolean roundIsOver = !brought || (waitForTurns && now - firstWaits >= ROUND);
        if (!waitForTurns) {
            firstWaits = now;
        }
        waitForTurns = false;
        if (!assignments.busy()) {
            return;
        }
        Set<TopicPartition> paused = consumer.paused();
        boolean looksAtAll = fetched.looksAtAll();
        List<Assignment> pause = new ArrayList<>();
        List<Assignment> resume = new ArrayList<>();
        assignments.active().forEach(blocking::step); // in all partitions, before any is paused
        for (Assignment assignment : assignments.active()) {
            pausePolicy.apply(assignment);
            if (roundIsOver) {
                assignment.beginTurn();
            } else if (!assignment.isPaused() && assignment.hadItsTurn() && hasBacklog(assignment)) {
                assignment.paused(Pause.TURN);
                waitForTurns = true;
            }
            if (assignment.isPaused() && (looksAtAll || !paused.contains(assignment.partition()))) {
                fetched.paused(assignment);
            }
            if (assignment.rests() != paused.contains(assignment.partition())) {
                (assignment.rests() ? pause : resume).add(assignment);
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(partitions(pause));
        }
        if (!resume.isEmpty()) {
            consumer.resume(partitions(resume));
            resume.forEach(fetched::resumed);
        }
    }

    private static List<TopicPartition> partitions(List<Assignment> assignments) {
        return assignments.stream().map(Assignment::partition).toList();
    }

    /**
     * Whether the partition has a backlog. A partition without one takes no turn from others, and its messages must not
     * wait.
     */
    private boolean hasBacklog(Assignment assignment) {
        OptionalLong lag = consumer.currentLag(assignment.partition());
        return lag.isPresent() && lag.getAsLong() >= Assignment.TURN;
    }

    /** Whether some partitions wait until the others have had their turn. */
    public boolean isTakingTurns() {
        return waitForTurns;
    }
}
