package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.RetryBackoff;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** How long to wait, and how often. */
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
        Duration wait = policy(10_000, initial, multiplier, max, jitter).waitAfter(attempts, null);

        if (attempts > 10_000) {
            assertThat(wait).isNull();
        } else {
            assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMillis(max));
        }
    }

    @Example
    void withoutJitterTheWaitsAreExact() {
        RetryPolicy policy = policy(9, 100, 2, 1000, 0);

        assertThat(policy.waitAfter(1, null)).hasMillis(100);
        assertThat(policy.waitAfter(2, null)).hasMillis(200);
        assertThat(policy.waitAfter(4, null)).hasMillis(800);
        assertThat(policy.waitAfter(5, null)).hasMillis(1000);
        assertThat(policy.waitAfter(9, null)).hasMillis(1000);
    }

    @Property(tries = 200)
    void jitterVariesTheWaitByItsShare(@ForAll @DoubleRange(min = 0, max = 1) double jitter) {
        Duration wait = policy(1, 10_000, 1, 100_000, jitter).waitAfter(1, null);

        assertThat((double) wait.toMillis()).isBetween(10_000 * (1 - jitter) - 2, 10_000 * (1 + jitter) + 2);
    }

    @Property(tries = 100)
    void retriesAreCountedAfterTheFirstAttempt(@ForAll @IntRange(min = 0, max = 1000) int retries) {
        RetryPolicy policy = policy(retries, 1, 2, 100, 0.2);

        assertThat(policy.waitAfter(retries + 1, null)).isNull();
        assertThat(policy.waitAfter(retries + 1, Duration.ofSeconds(1))).isNull();
        if (retries > 0) {
            assertThat(policy.waitAfter(retries, null)).isNotNull();
        }
    }

    @Example
    void whatTheAddressAsksForWinsWhenItIsLonger() {
        RetryPolicy policy = policy(5, 1000, 1, 1000, 0);

        assertThat(policy.waitAfter(1, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.waitAfter(1, Duration.ofMillis(10))).hasMillis(1000);
        assertThat(policy.waitAfter(1, Duration.ZERO)).hasMillis(1000);
    }
}
