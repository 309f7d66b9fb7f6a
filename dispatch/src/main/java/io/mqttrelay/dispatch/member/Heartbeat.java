package io.mqttrelay.dispatch.member;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Holds the time of Kafka's last confirmation that this consumer owns its partitions. After a silence of this process
 * or of the network, another dispatcher may own them without this one knowing. Nothing may be sent before Kafka has
 * answered again. Any thread.
 */
public final class Heartbeat {
    private final Duration fresh;
    private final LongSupplier nanoTime;
    private volatile long last;

    /**
     * @param session the session timeout: a member that is silent for this time has lost its partitions
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public Heartbeat(Duration session, LongSupplier nanoTime) {
        this.fresh = session.multipliedBy(2).dividedBy(3);
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /**
     * Notes an answer of Kafka.
     *
     * @param nanos a moment before the answer, by the monotonic clock; one before the last known is ignored
     */
    public void answeredAfter(long nanos) {
        if (nanos - last > 0) {
            last = nanos;
        }
    }

    /** Now, by the monotonic clock. */
    public long now() {
        return nanoTime.getAsLong();
    }

    /** The longest silence after which calls may still be sent. */
    public Duration limit() {
        return fresh;
    }

    /** False: another dispatcher may own the partitions by now. */
    public boolean isFresh() {
        return nanoTime.getAsLong() - last < fresh.toNanos();
    }
}
