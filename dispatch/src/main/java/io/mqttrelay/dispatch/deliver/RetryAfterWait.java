package io.mqttrelay.dispatch.deliver;

import java.time.Duration;

/**
 * The end of the time for which an address sent {@code Retry-After}. Any thread; times are those of the monotonic
 * clock, nanoseconds.
 */
public final class RetryAfterWait {
    private boolean asked; // guarded by this
    private long until; // guarded by this

    synchronized void ask(long now, Duration wait) {
        long end = now + wait.toNanos();
        if (!asked || end - until > 0) {
            asked = true;
            until = end;
        }
    }

    /** The remaining time; zero: the address may be called. */
    public synchronized Duration left(long now) {
        return asked && until - now > 0 ? Duration.ofNanos(until - now) : Duration.ZERO;
    }
}
