package io.mqttrelay.ingest.mqtt;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Suspects a client of having lost its flow of messages: the connection stands, nothing arrives, though it did before.
 * Only a suspicion: a device may simply be silent. So it is raised only after a silence far longer than the usual gap
 * between messages, and each time it proves fruitless the patience doubles. Times are nanoTime.
 */
final class SilenceWatch {
    private static final long BUSY = 100;
    private static final long USUAL_GAPS = 200;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(10);
    private static final long MOST_PATIENCE = TimeUnit.HOURS.toNanos(4);

    private volatile long messages;
    private volatile long last;
    private long first;
    private long patience = PATIENCE;
    private boolean acted;

    /** Messages are counted anew. */
    void connected(long now) {
        first = now;
        last = now;
        messages = 0;
    }

    /** On the event loop of the one connection that stands. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time; a lost count would not matter
    void message(long now) {
        messages++;
        last = now;
    }

    /** How long nothing has arrived. On {@code ingest-control}. */
    Duration silence(long now) {
        return Duration.ofNanos(now - last);
    }

    /** On {@code ingest-control}. */
    boolean isSuspicious(long now) {
        long count = messages;
        if (acted && count > 0) {
            acted = false;
            patience = PATIENCE; // the new connection brought messages: the suspicion was right, or the device is back
        }
        if (count < BUSY) {
            return false;
        }
        long usualGap = (last - first) / count;
        return now - last > Math.max(patience, usualGap * USUAL_GAPS);
    }

    /** The client was replaced because of the suspicion. */
    void acted() {
        acted = true;
        patience = Math.min(MOST_PATIENCE, patience * 2);
    }
}
