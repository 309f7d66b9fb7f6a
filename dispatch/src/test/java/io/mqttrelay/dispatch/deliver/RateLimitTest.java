package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Never faster than configured, never much slower, and never the calls of a whole second at once. */
final class RateLimitTest {
    private final ManualClock clock = ManualClock.create();

    @ParameterizedTest
    @ValueSource(doubles = {1, 2.5, 7, 99, 100, 150, 1_000, 12_345.6, 1_000_000})
    void constantDemandGetsTheRate(double rate) {
        RateLimit limit = new RateLimit(rate, clock.nanoTime());
        long begin = clock.nanoTime().getAsLong();
        Duration time = Duration.ofSeconds(rate < 1000 ? 10 : 1);
        List<Long> taken = new ArrayList<>();
        while (clock.nanoTime().getAsLong() - begin < time.toNanos()) {
            long wait = limit.take();
            if (wait == 0) {
                taken.add(clock.nanoTime().getAsLong() - begin);
            } else {
                clock.advance(Duration.ofNanos(wait));
            }
        }

        double step = Math.ceil(rate / 100);
        assertThat((double) taken.size()).isCloseTo(rate * time.toSeconds(), within(step + 1));
        int second = 0;
        for (int i = 0; i < taken.size(); i++) {
            while (taken.get(i) - taken.get(second) >= 1_000_000_000L) {
                second++;
            }
            assertThat(i - second + 1).isLessThanOrEqualTo((int) (Math.ceil(rate) + step));
        }
    }
}
