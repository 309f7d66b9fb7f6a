package io.mqttrelay.dispatch.deliver;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import io.mqttrelay.common.config.destination.RetryBackoff;
import java.time.Duration;

/**
 * The number of retries of a route, and their backoff: Resilience4j's retry configuration and intervals. Its decorators
 * are not used: they sleep, or complete normally with the last failure when the attempts run out.
 */
final class RetryPolicy {
    /** Resilience4j takes less than 1. */
    private static final double MOST_JITTER = 0.999;

    /** Resilience4j multiplies step by step; an outage of days may have many steps. */
    private static final int LAST_STEP = 1000;

    private final RetryConfig config;

    RetryPolicy(int retries, RetryBackoff backoff) {
        config = RetryConfig.custom()
                .maxAttempts(retries + 1)
                .intervalFunction(intervals(backoff))
                .build();
    }

    private static IntervalFunction intervals(RetryBackoff backoff) {
        double jitter = Math.min(backoff.jitter(), MOST_JITTER);
        return jitter > 0
                ? IntervalFunction.ofExponentialRandomBackoff(
                        backoff.initial(), backoff.multiplier(), jitter, backoff.max())
                : IntervalFunction.ofExponentialBackoff(backoff.initial(), backoff.multiplier(), backoff.max());
    }

    /** Whether another attempt may be made after this many that count. */
    boolean isLeft(int attempts) {
        return attempts < config.getMaxAttempts();
    }

    /** The wait after this many failed attempts, at least 1, whether they count or not. */
    Duration backoff(int failures) {
        int step = Math.min(failures, LAST_STEP);
        return Duration.ofMillis(config.<Object>getIntervalBiFunction().apply(step, null));
    }
}
