package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.consume.Assignment.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Holds memory within its bound by pausing partitions, and lets them take turns, so that what is in memory is of many lanes.
 * What should be paused is held against what the consumer has paused at every step, since it may forget: at a rebalance, at a
 * seek.
 */
@CalledOn("dispatch-consumer")
final class Backpressure {
    private final Consumer<byte[], byte[]> consumer;
    private final Balance balance;
    private boolean waitForTurns;

    Backpressure(Consumer<byte[], byte[]> consumer, Balance balance) {
        this.consumer = consumer;
        this.balance = balance;
    }

    /** @param brought whether the last poll brought anything: while it did, somebody's turn is not over */
    void pauseAndResume(Assignments assignments, boolean brought) {
        waitForTurns = false;
        if (!assignments.busy()) {
            return;
        }
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (Assignment assignment : assignments.active()) {
            balance.strike(assignment);
            if (!brought) {
                assignment.beginTurn();
            } else if (!assignment.isPaused() && assignment.hadItsTurn()) {
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

    /** Whether some partitions wait until the others have had their turn. */
    boolean isTakingTurns() {
        return waitForTurns;
    }
}
