package io.mqttrelay.ingest.mqtt;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The state of one connection: whether it has ended, and its number of unsettled messages. Any thread. */
final class Lifetime {
    private final boolean sessionKept;
    private final Runnable drained;
    private final AtomicInteger open = new AtomicInteger();
    private final AckOrder order = new AckOrder();
    private volatile boolean ended;
    private volatile boolean closed;

    /**
     * @param sessionKept whether the broker keeps queued and unacknowledged messages after the connection
     * @param drained called when the connection has ended and its last message is settled, perhaps more than once
     */
    Lifetime(boolean sessionKept, Runnable drained) {
        this.sessionKept = sessionKept;
        this.drained = drained;
    }

    boolean sessionKept() {
        return sessionKept;
    }

    boolean ended() {
        return ended;
    }

    boolean isDrained() {
        return ended && isIdle();
    }

    /** Whether each of its messages is settled. */
    boolean isIdle() {
        return open.get() == 0;
    }

    /** Its place among the acknowledgements; null: QoS 0 has none. */
    AckOrder.@Nullable Place taken(int qos) {
        open.incrementAndGet();
        return qos == 0 ? null : order.arrived();
    }

    void settled() {
        if (open.decrementAndGet() == 0 && ended) {
            drained.run();
        }
    }

    /** Whether nothing can leave on it any more. */
    boolean closed() {
        return closed;
    }

    /** @param isClosed false: it was given up without an answer from it, and might still be open */
    void end(boolean isClosed) {
        closed = isClosed;
        ended = true;
        if (isIdle()) {
            drained.run();
        }
    }
}
