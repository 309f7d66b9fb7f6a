package io.mqttrelay.dispatch;

import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Queued;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Receipt;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A delivery in its lane, with the record that it came from. */
final class Outbound implements Queued {
    private static final long NOT_CALLED = Long.MIN_VALUE;

    private final Delivery delivery;
    private final ConsumerRecord<byte[], byte[]> record;
    private final Receipt receipt;
    private final @Nullable String orderKey;
    private final boolean later;
    private final long bytes;

    /** By the clock of {@link CallTimes}; {@link #NOT_CALLED}: no call of it is in flight. */
    private volatile long callBegan = NOT_CALLED;

    private boolean resting; // guarded by this
    private @Nullable Future<?> timer; // guarded by this

    // passed on with the delivery, under the lock of the lanes
    private boolean alone;
    /** Null: its outcome is not decided. */
    private @Nullable Storing storing;

    private List<Outbound> together = List.of(this);

    /** @param later a replay: live deliveries go first */
    Outbound(
            Delivery delivery,
            ConsumerRecord<byte[], byte[]> record,
            Receipt receipt,
            @Nullable String orderKey,
            boolean later) {
        this.delivery = delivery;
        this.record = record;
        this.receipt = receipt;
        this.orderKey = orderKey;
        this.later = later;
        boolean batches = delivery.target().destination().request().batch() != null;
        this.bytes = batches ? delivery.batchBytes() : 0;
        this.alone = !batches || delivery.attempts() > 0; // all of a batch have the same earlier attempts
    }

    Delivery delivery() {
        return delivery;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    Receipt receipt() {
        return receipt;
    }

    Assignment assignment() {
        return receipt.assignment();
    }

    void callBegan(long nanos) {
        callBegan = nanos;
    }

    /** Duration of its call in flight, nanoseconds; negative: none is in flight. */
    long callTook(long nanos) {
        long began = callBegan;
        return began == NOT_CALLED ? -1 : Math.max(0, nanos - began);
    }

    void callEnded() {
        callBegan = NOT_CALLED;
    }

    /** Begins its wait for the next attempt, until {@link #wake}. */
    synchronized void rests() {
        resting = true;
    }

    /** Stores the timer's task that wakes it; without effect if it is awake already. */
    synchronized void wakesBy(Future<?> task) {
        timer = task;
    }

    /**
     * Ends its wait; the caller that gets true decides about the delivery. The state of the timer's task does not tell
     * this: it may just be running.
     *
     * @return false: it does not wait, or another caller has ended the wait
     */
    synchronized boolean wake() {
        boolean woken = resting;
        resting = false;
        if (woken && timer != null) {
            timer.cancel(false); // no effect if the timer itself wakes it
        }
        return woken;
    }

    @Override
    public LaneAddress address() {
        return delivery.target().lanes();
    }

    @Override
    public Object scope() {
        return receipt.assignment();
    }

    @Override
    public @Nullable String orderKey() {
        return orderKey;
    }

    @Override
    public boolean later() {
        return later;
    }

    @Override
    public boolean alone() {
        return alone;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public List<Outbound> together() {
        return together;
    }

    @Override
    @SuppressWarnings("unchecked") // lanes hold no other type
    public void startsWith(List<? extends Queued> all) {
        together = (List<Outbound>) all;
    }

    /** Makes it go out alone from now on. */
    void goAlone() {
        alone = true;
        together = List.of(this);
    }

    /**
     * Marks its outcome as decided. It leaves its lane when the rest of its batch is decided, too.
     *
     * @return the wait until the outcome is durable
     */
    Storing isOver() {
        Storing begun = new Storing(assignment());
        storing = begun;
        return begun;
    }

    boolean isSettled() {
        return storing != null;
    }

    /** The wait until its outcome is durable; null: the outcome is not decided. */
    @Nullable
    Storing storing() {
        return storing;
    }

    /** The deliveries of {@link #together} that are still to be sent. */
    List<Outbound> toSend() {
        for (Outbound each : together) {
            if (each.isSettled()) {
                return together.stream().filter(one -> !one.isSettled()).toList();
            }
        }
        return together; // the usual case: no copy
    }
}
