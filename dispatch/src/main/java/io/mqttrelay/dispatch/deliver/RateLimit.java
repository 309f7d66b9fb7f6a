package io.mqttrelay.dispatch.deliver;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import io.mqttrelay.dispatch.lane.Pace;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Limits calls per second, in steps of about a hundredth of a second, not in bursts of a whole one. Resilience4j
 * counts; no thread waits in it.
 */
public final class RateLimit implements Pace {
    private static final int STEPS_PER_SECOND = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    private final AtomicRateLimiter limiter;

    /** Permissions that were given back: the limiter itself takes none back. */
    private final AtomicInteger spare = new AtomicInteger();

    /**
     * @param callsPerSecond more than 0
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public RateLimit(double callsPerSecond, LongSupplier nanoTime) {
        int calls = (int) Math.ceil(callsPerSecond / STEPS_PER_SECOND);
        RateLimiterConfig config = RateLimiterConfig.custom()
                .limitForPeriod(calls)
                .limitRefreshPeriod(Duration.ofNanos(Math.round(calls / callsPerSecond * NANOS_PER_SECOND)))
                .timeoutDuration(Duration.ZERO)
                .build();
        limiter = new AtomicRateLimiter("calls", config, nanoTime::getAsLong);
    }

    @Override
    public long take() {
        if (spare.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            return 0;
        }
        return limiter.reservePermission(1) == 0
                ? 0
                : Math.max(1, limiter.getDetailedMetrics().getNanosToWait());
    }

    @Override
    public boolean giveBack() {
        spare.incrementAndGet();
        return true;
    }
}
