package io.mqttrelay.dispatch;

import io.mqttrelay.dispatch.consume.Assignment;
import io.mqttrelay.dispatch.consume.Receipt;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Queued;
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
    private volatile @Nullable Future<?> wait;

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

    void waitsFor(Future<?> timer) {
        wait = timer;
    }

    /**
     * Ends the wait before its next attempt.
     *
     * @return false: it does not wait
     */
    boolean wakeNoMore() {
        Future<?> timer = wait;
        return timer != null && timer.cancel(false);
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
}
