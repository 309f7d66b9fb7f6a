package io.mqttrelay.dispatch.consume;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A record that was received and is not yet done. The consumer thread makes it and says how many deliveries it stands
 * for; whichever thread makes a delivery durable says so here.
 */
public final class Receipt {
    private final Assignment assignment;
    private final long offset;
    private final long timestamp;
    private final int bytes;
    private final AtomicInteger open = new AtomicInteger(1);

    Receipt(Assignment assignment, long offset, long timestamp, int bytes) {
        this.assignment = assignment;
        this.offset = offset;
        this.timestamp = timestamp;
        this.bytes = bytes;
    }

    /** Where the record came from, and whether it still is this dispatcher's to deliver. */
    public Assignment assignment() {
        return assignment;
    }

    /**
     * Says how many deliveries must end before the record is done. Called once, before the first of them can end.
     *
     * @param deliveries at least 1
     */
    public void expect(int deliveries) {
        open.set(deliveries);
    }

    /** One delivery of the record is durable. Any thread, once for each delivery. */
    public void done() {
        int left = open.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("a delivery of " + assignment.partition() + "@" + offset + " ended twice");
        }
        if (left == 0) {
            assignment.done(bytes);
        }
    }

    /** The record is not delivered as the configuration stands: it stays open, and its place in memory is free. */
    public void park() {
        assignment.park(bytes);
    }

    boolean isDone() {
        return open.get() == 0;
    }

    long offset() {
        return offset;
    }

    long timestamp() {
        return timestamp;
    }

    int bytes() {
        return bytes;
    }
}
