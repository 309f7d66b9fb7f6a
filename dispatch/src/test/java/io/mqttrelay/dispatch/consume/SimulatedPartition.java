package io.mqttrelay.dispatch.consume;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One stay of a partition at a dispatcher, in the hands of a test instead of the consumer thread. */
public final class SimulatedPartition {
    private final Assignment assignment;

    /** Begins where the group's stored position says, and knows what was stored with it. */
    public SimulatedPartition(TopicPartition partition, ConsumedApp app, OffsetAndMetadata stored) {
        this.assignment = new Assignment(partition, new AppWindow(app), stored.offset(), stored);
    }

    public Assignment assignment() {
        return assignment;
    }

    public Receipt received(long offset) {
        return assignment.received(offset, 0, 1);
    }

    /** What would be committed now, if anything has changed. */
    public Optional<OffsetAndMetadata> toCommit() {
        Optional<OffsetAndMetadata> moved = assignment.toCommit();
        moved.ifPresent(assignment::committed);
        return moved;
    }

    public void end() {
        assignment.end();
    }

    /** Whether nothing of it is going out. */
    public boolean isQuiet() {
        try {
            return assignment.awaitQuiet(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes that its messages hold. */
    public long heldBytes() {
        return assignment.app().bytes();
    }
}
