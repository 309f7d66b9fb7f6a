package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Holds memory within its bound by pausing partitions: of an app that holds its share of it, and with too many records
 * that are not done. What should be paused is held against what the consumer has paused at every step, since it may
 * forget: at a rebalance, at a seek.
 */
@CalledOn("dispatch-consumer")
final class Backpressure {
    /** Records of one partition that are not done. */
    private static final int MAX_WINDOW = 10_000;

    private final Consumer<byte[], byte[]> consumer;
    private final long maxBytes;

    Backpressure(Consumer<byte[], byte[]> consumer, long maxBytes) {
        this.consumer = consumer;
        this.maxBytes = maxBytes;
    }

    void pauseAndResume(Assignments assignments) {
        if (!assignments.busy()) {
            return;
        }
        Set<TopicPartition> paused = consumer.paused();
        long share = maxBytes / Math.max(1, assignments.apps());
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (Assignment assignment : assignments.active()) {
            boolean full = assignment.app().bytes() >= share || assignment.open() >= MAX_WINDOW;
            boolean roomy = assignment.app().bytes() <= share / 2 && assignment.open() <= MAX_WINDOW / 2;
            if (full || roomy) {
                assignment.paused(full);
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
}
