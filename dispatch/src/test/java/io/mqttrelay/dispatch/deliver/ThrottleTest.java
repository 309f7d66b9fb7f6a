package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rate of calls to an address that answers 429; the test controls the time. */
final class ThrottleTest {
    private static final int MESSAGES_AT_ONCE = 128;

    private final ManualClock clock = ManualClock.create();
    private final Throttle throttle = new Throttle(Pace.FREE, clock.nanoTime());
    private int accepted;
    private int refused;

    private long now() {
        return clock.nanoTime().getAsLong();
    }

    /**
     * Calls as fast as the throttle allows, at most this many in a millisecond; a fixed window of a second accepts
     * some.
     */
    private void callFor(Duration time, int takes) {
        long end = now() + time.toNanos();
        long window = now();
        int inWindow = 0;
        while (now() < end) {
            if (now() - window >= 1_000_000_000L) {
                window = now();
                inWindow = 0;
            }
            for (int i = 0; i < MESSAGES_AT_ONCE && throttle.take() == 0; i++) {
                if (inWindow++ < takes) {
                    accepted++;
                    throttle.accepted();
                } else {
                    refused++;
                    throttle.overloaded(now());
                }
            }
            clock.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void anAddressThatNeverAskedIsNotHeldBack() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(throttle.take()).isZero();
            throttle.accepted();
        }
        assertThat(throttle.rate()).isInfinite();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 100, 2_000})
    void itsThroughputStaysNearWhatTheAddressTakes(int takes) {
        callFor(Duration.ofSeconds(30), takes);
        assertThat(accepted).isGreaterThan(30 * takes * 8 / 10);
        assertThat(refused).isLessThan(accepted / 5 + 10 * MESSAGES_AT_ONCE);
    }

    @Test
    void anAddressThatTakesNothingIsCalledLessAndLess() {
        callFor(Duration.ofSeconds(2), 100);
        accepted = 0;
        callFor(Duration.ofSeconds(10), 0);
        refused = 0;
        callFor(Duration.ofSeconds(10), 0);
        assertThat(accepted).isZero();
        assertThat(refused).isBetween(1, 11);
    }

    @Test
    void itIsCalledAsOftenAsBeforeWhenItTakesMoreAgain() {
        callFor(Duration.ofSeconds(5), 100);
        callFor(Duration.ofSeconds(10), 0);
        callFor(Duration.ofSeconds(15), 100);
        accepted = 0;
        callFor(Duration.ofSeconds(10), 100);
        assertThat(accepted).isGreaterThan(800);
        callFor(Duration.ofSeconds(62), Integer.MAX_VALUE);
        assertThat(throttle.rate()).isInfinite();
    }

    @Test
    void callsThatWereOutTogetherSlowItDownOnce() {
        callFor(Duration.ofSeconds(3), 100);
        double before = throttle.rate();
        long began = now();
        for (int i = 0; i < 50; i++) {
            throttle.overloaded(began);
        }
        assertThat(throttle.rate()).isGreaterThan(before / 2);
    }

    @Test
    void theConfiguredPaceIsKept() {
        Throttle paced = new Throttle(() -> 7, clock.nanoTime());
        assertThat(paced.take()).isEqualTo(7);
        paced.overloaded(now());
        assertThat(paced.take()).isGreaterThan(900_000_000L);
        clock.advance(Duration.ofSeconds(1));
        assertThat(paced.take()).isEqualTo(7);
        assertThat(paced.take()).as("nothing was taken").isEqualTo(7);
    }
}
