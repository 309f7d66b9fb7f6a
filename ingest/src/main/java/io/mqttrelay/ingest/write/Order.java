package io.mqttrelay.ingest.write;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The last sequence number that one app has sent. While the order is stopped, only messages before a sent message
 * may pass, because MQTT acknowledges in the order of arrival. Any thread.
 */
final class Order {
    private final AtomicLong lastSent = new AtomicLong();
    private volatile long last = Long.MAX_VALUE;

    /**
     * Whether the message may be sent. The number is recorded before the final check, so that {@link #stop} sees it.
     */
    boolean mayPass(long sequence) {
        if (sequence > last) {
            return false;
        }
        if (sequence > lastSent.get()) {
            lastSent.accumulateAndGet(sequence, Math::max);
        }
        return sequence <= last;
    }

    /** Stops the order at the last message that was sent or is just being sent. */
    void stop() {
        long seen;
        do {
            seen = lastSent.get();
            last = seen;
        } while (seen != lastSent.get());
    }

    void goOn() {
        last = Long.MAX_VALUE;
    }
}
