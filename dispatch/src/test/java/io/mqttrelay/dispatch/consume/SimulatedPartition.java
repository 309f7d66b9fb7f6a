package io.mqttrelay.dispatch.consume;

import org.apache.kafka.common.TopicPartition;

/** One stay of a partition at a dispatcher, in the hands of a test instead of the consumer thread. */
public final class SimulatedPartition {
    private final Assignment assignment;

    public SimulatedPartition(TopicPartition partition, String appId, long position) {
        this.assignment = new Assignment(partition, new AppWindow(appId), position, position);
    }

    public Assignment assignment() {
        return assignment;
    }

    public Receipt received(long offset) {
        return assignment.received(offset, 0, 1);
    }

    /** What could be committed now. */
    public long position() {
        return assignment.tracker().position();
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
