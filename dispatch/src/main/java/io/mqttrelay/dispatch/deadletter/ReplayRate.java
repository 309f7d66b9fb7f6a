package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.thread.StopRequest;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Limits deliveries per second, in steps that are short beside a second. One thread. */
public final class ReplayRate {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int LARGEST_STEP = 500;
    private static final int STEPS_A_SECOND = 4;

    private final long perSecond;
    private final StopRequest stop;
    private final LongSupplier nanoTime;
    private long next;

    /** @param perSecond 0: no limit */
    public ReplayRate(long perSecond, StopRequest stop, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.stop = stop;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /** Deliveries of one step. */
    int step() {
        return perSecond == 0 ? LARGEST_STEP : (int) Math.max(1, Math.min(LARGEST_STEP, perSecond / STEPS_A_SECOND));
    }

    /** Waits until the next step may follow; ends early when the user asks for the end. */
    void sent(int count) throws InterruptedException {
        if (perSecond == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        // a late step is not made up for
        next = Math.max(next, now - SECOND_NANOS / STEPS_A_SECOND) + count * SECOND_NANOS / perSecond;
        if (next - now > 0) {
            stop.pause(Duration.ofNanos(next - now));
        }
    }
}
