package io.mqttrelay.dispatch.deliver;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import io.mqttrelay.common.config.RetryBackoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and how soon a route tries again: Resilience4j's retry configuration and intervals. Its decorators are not
 * used: they sleep, or complete normally with the last failure when the attempts run out.
 */
final class RetryPolicy {
    /** Resilience4j takes less than 1. */
    private static final double MOST_JITTER = 0.999;

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

    /** Whether another attempt may be made after so many. */
    boolean isLeft(int attempts) {
        return attempts < config.getMaxAttempts();
    }

    /**
     * How long to wait after a failed attempt.
     *
     * @param attempts made so far, at least 1
     * @param retryAfter what the address asked for; null: nothing
     * @return null: there are no attempts left
     */
    @Nullable
    Duration waitAfter(int attempts, @Nullable Duration retryAfter) {
        if (!isLeft(attempts)) {
            return null;
        }
        Duration backoff = backoff(attempts);
        return retryAfter != null && retryAfter.compareTo(backoff) > 0 ? retryAfter : backoff;
    }

    /** The wait after so many attempts, at least 1, whether or not there may be another. */
    Duration backoff(int attempts) {
        return Duration.ofMillis(config.<Object>getIntervalBiFunction().apply(attempts, null));
    }
}
