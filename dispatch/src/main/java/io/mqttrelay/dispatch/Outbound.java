package io.mqttrelay.dispatch;

import io.mqttrelay.dispatch.consume.Assignment;
import io.mqttrelay.dispatch.consume.Receipt;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Queued;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A delivery in its lane, with the record that it came from. */
final class Outbound implements Queued {
    private final Delivery delivery;
    private final ConsumerRecord<byte[], byte[]> record;
    private final Receipt receipt;
    private final @Nullable String orderKey;
    private final boolean later;
    private final long bytes;

    private boolean resting; // guarded by this
    private @Nullable Future<?> timer; // guarded by this

    // handed on with the delivery, under the lock of the lanes
    private boolean alone;
    private boolean over;
    private List<Outbound> together = List.of(this);

    /** @param later it was asked for again: what is live goes first */
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
        boolean batches = delivery.target().route().batch() != null;
        this.bytes = batches ? delivery.batchBytes() : 0;
        this.alone = !batches || delivery.attempts() > 0; // a batch is of those that have the same attempts before them
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

    /** It waits for its next attempt from now on, until {@link #wake}. */
    synchronized void rests() {
        resting = true;
    }

    /** What wakes it. Too late to be of use if it has been woken already. */
    synchronized void wakesBy(Future<?> task) {
        timer = task;
    }

    /**
     * Ends its wait: whoever does decides what becomes of it. Whether the timer's task has ended, or could be cancelled, does not
     * tell that: it may just be running.
     *
     * @return false: it does not wait, or somebody else has woken it
     */
    synchronized boolean wake() {
        boolean woken = resting;
        resting = false;
        if (woken && timer != null) {
            timer.cancel(false); // does nothing where it is the timer that wakes it
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
    @SuppressWarnings("unchecked") // lanes hold nothing else
    public void startsWith(List<? extends Queued> all) {
        together = (List<Outbound>) all;
    }

    /** From now on it goes out by itself. */
    void goAlone() {
        alone = true;
        together = List.of(this);
    }

    /** Its outcome is decided; it only waits for the rest of its batch to leave its lane. */
    void isOver() {
        over = true;
    }

    boolean isSettled() {
        return over;
    }

    /** Those of {@link #together} that are still to be sent. */
    List<Outbound> toSend() {
        for (Outbound each : together) {
            if (each.over) {
                return together.stream().filter(one -> !one.over).toList();
            }
        }
        return together; // the usual case, as it is
    }
}
