package io.mqttrelay.dispatch.consume;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When Kafka last answered as to what is this consumer's own. After a silence, of this process or of the network, its
 * partitions may be another's without its knowing: before Kafka has answered again, nothing must go out. Any thread.
 */
public final class Heartbeat {
    private final Duration fresh;
    private final LongSupplier nanoTime;
    private volatile long last;

    /**
     * @param session a member that is silent for so long has lost its partitions
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public Heartbeat(Duration session, LongSupplier nanoTime) {
        this.fresh = session.multipliedBy(2).dividedBy(3);
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    void beat() {
        last = nanoTime.getAsLong();
    }

    /** For how long nothing has to be heard before nothing goes out. */
    Duration limit() {
        return fresh;
    }

    /** False: the partitions may be another dispatcher's by now. */
    public boolean isFresh() {
        return nanoTime.getAsLong() - last < fresh.toNanos();
    }
}
