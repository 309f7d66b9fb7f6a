package io.mqttrelay.dispatch.consume;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the consumer last heard from Kafka what is its own. A process that was stopped for a while may have lost its
 * partitions without knowing: before its consumer has polled again, nothing must go out. Any thread.
 */
public final class Heartbeat {
    /** A member that is silent for its session's 15 s has lost its partitions. */
    static final Duration FRESH = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private volatile long last;

    /** @param nanoTime a monotonic clock, nanoseconds */
    public Heartbeat(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    void beat() {
        last = nanoTime.getAsLong();
    }

    /** False: the partitions may be another dispatcher's by now. */
    public boolean isFresh() {
        return nanoTime.getAsLong() - last < FRESH.toNanos();
    }
}
