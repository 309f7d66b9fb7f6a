package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.consume.Assignment.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Holds memory within its bound by pausing partitions, and lets those with a backlog take turns, so that what is in memory is
 * of many lanes. What should be paused is held against what the consumer has paused at every step, since it may forget: at a
 * rebalance, at a seek.
 */
@CalledOn("dispatch-consumer")
final class Backpressure {
    /** The longest that anybody waits for the others' turns: they may bring something for ever. */
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(5);

    /** A poll says what is wrong with one partition only when the others have nothing to hand over. */
    private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Balance balance;
    private final LongSupplier nanoTime;
    private boolean waitForTurns;
    private long firstWaits;
    private long turnsFrom;

    /** @param nanoTime a monotonic clock, nanoseconds */
    Backpressure(Consumer<byte[], byte[]> consumer, Balance balance, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.balance = balance;
        this.nanoTime = nanoTime;
        this.turnsFrom = nanoTime.getAsLong();
    }

    /** Something is wrong with some partition: nobody waits for others for a while, so that all but that one go on. */
    void pollFailed() {
        turnsFrom = nanoTime.getAsLong() + AFTER_FAILURE;
    }

    /** @param brought whether the last poll brought anything: while it did, somebody's turn is not over */
    void pauseAndResume(Assignments assignments, boolean brought) {
        long now = nanoTime.getAsLong();
        boolean roundIsOver = !brought || (waitForTurns && now - firstWaits >= ROUND) || now - turnsFrom < 0;
        if (!waitForTurns) {
            firstWaits = now;
        }
        waitForTurns = false;
        if (!assignments.busy()) {
            return;
        }
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (Assignment assignment : assignments.active()) {
            balance.strike(assignment);
            if (roundIsOver) {
                assignment.beginTurn();
            } else if (!assignment.isPaused() && assignment.hadItsTurn() && hasBacklog(assignment)) {
                assignment.paused(Pause.TURN);
                waitForTurns = true;
            }
            if (assignment.isPaused() != paused.contains(assignment.partition())) {
                (assignment.isPaused() ? pause : resume).add(assignment.partition());
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }

    /** Who is abreast of its partition keeps no other from its turn, and its messages are not to wait. */
    private boolean hasBacklog(Assignment assignment) {
        OptionalLong lag = consumer.currentLag(assignment.partition());
        return lag.isPresent() && lag.getAsLong() >= Assignment.TURN;
    }

    /** Whether some partitions wait until the others have had their turn. */
    boolean isTakingTurns() {
        return waitForTurns;
    }
}
