package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.RetryBackoff;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The backoff and the number of retries. */
final class RetryPolicyTest {
    private static RetryPolicy policy(
            int retries, long initialMillis, double multiplier, long maxMillis, double jitter) {
        return new RetryPolicy(
                retries,
                new RetryBackoff(Duration.ofMillis(initialMillis), multiplier, Duration.ofMillis(maxMillis), jitter));
    }

    @Property(tries = 500)
    void theWaitIsAboveZeroAndNeverAboveTheMost(
            @ForAll @IntRange(min = 1, max = 100_000) int initial,
            @ForAll @DoubleRange(min = 1, max = 100) double multiplier,
            @ForAll @IntRange(min = 1, max = 1000) int times,
            @ForAll @DoubleRange(min = 0, max = 1) double jitter,
            @ForAll @IntRange(min = 1, max = 10_000) int attempts) {
        long max = (long) initial * times;
        Duration wait = policy(10_000, initial, multiplier, max, jitter).backoff(attempts);

        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMillis(max));
    }

    @Example
    void withoutJitterTheWaitsAreExact() {
        RetryPolicy policy = policy(9, 100, 2, 1000, 0);

        assertThat(policy.backoff(1)).hasMillis(100);
        assertThat(policy.backoff(2)).hasMillis(200);
        assertThat(policy.backoff(4)).hasMillis(800);
        assertThat(policy.backoff(5)).hasMillis(1000);
        assertThat(policy.backoff(9)).hasMillis(1000);
    }

    @Property(tries = 200)
    void jitterVariesTheWaitByItsShare(@ForAll @DoubleRange(min = 0, max = 1) double jitter) {
        Duration wait = policy(1, 10_000, 1, 100_000, jitter).backoff(1);

        assertThat((double) wait.toMillis()).isBetween(10_000 * (1 - jitter) - 2, 10_000 * (1 + jitter) + 2);
    }

    @Property(tries = 100)
    void retriesAreCountedAfterTheFirstAttempt(@ForAll @IntRange(min = 0, max = 1000) int retries) {
        RetryPolicy policy = policy(retries, 1, 2, 100, 0.2);

        assertThat(policy.isLeft(retries)).isTrue();
        assertThat(policy.isLeft(retries + 1)).isFalse();
    }

    @Example
    void failuresOfDaysAreStillWaitedFor() {
        assertThat(policy(5, 1000, 1.0001, 60_000, 0).backoff(1_000_000))
                .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
    }
}
