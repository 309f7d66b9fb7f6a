package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of a lane Kafka's client may have at once. It copies what it is given, so that without a bound here every
 * message that waits for Kafka would lie in memory twice.
 */
final class SendWindow {
    /** Enough that one request to a broker is never waited for where another could be filled. */
    private static final long SMALLEST = 256 * 1024;

    private volatile long limit;
    private final AtomicLong bytes = new AtomicLong();

    /** Somebody found it shut. Set before the look that counts, so that whoever opens it sees this. */
    private volatile boolean awaited;

    SendWindow(long limit) {
        this.limit = Math.max(SMALLEST, limit);
    }

    /** Another bound from now on. Any thread. */
    void limit(long bytes) {
        limit = Math.max(SMALLEST, bytes);
    }

    /** Whether another may be sent: one of any size, where there is room at all. */
    @CalledOn("ingest-writer")
    boolean isOpen() {
        if (bytes.get() < limit) {
            return true;
        }
        awaited = true;
        return bytes.get() < limit;
    }

    void sent(long more) {
        bytes.addAndGet(more);
    }

    /**
     * What was sent is stored, or back.
     *
     * @return whether somebody waits and there is room again, half of it; true once
     */
    boolean ended(long fewer) {
        if (bytes.addAndGet(-fewer) > limit / 2 || !awaited) {
            return false;
        }
        awaited = false;
        return true;
    }
}
