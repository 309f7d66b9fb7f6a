package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Holds memory within its bound by pausing partitions. What should be paused is held against what the consumer has paused at
 * every step, since it may forget: at a rebalance, at a seek.
 */
@CalledOn("dispatch-consumer")
final class Backpressure {
    private final Consumer<byte[], byte[]> consumer;
    private final Balance balance;

    Backpressure(Consumer<byte[], byte[]> consumer, Balance balance) {
        this.consumer = consumer;
        this.balance = balance;
    }

    void pauseAndResume(Assignments assignments) {
        if (!assignments.busy()) {
            return;
        }
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (Assignment assignment : assignments.active()) {
            balance.strike(assignment);
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
}
