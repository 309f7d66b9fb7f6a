package io.mqttrelay.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineLimitTest {
    private final ManualClock clock = ManualClock.create();
    private final LineLimit limit = new LineLimit(Duration.ofSeconds(10), clock.nanoTime());

    @Test
    void theFirstEventHasALineAndLaterOnesAreAddedUp() {
        assertThat(limit.count()).isEqualTo(1);
        assertThat(limit.count()).isZero();
        clock.advance(Duration.ofSeconds(9));
        assertThat(limit.count()).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(limit.count()).isEqualTo(3);
        clock.advance(Duration.ofHours(1));
        assertThat(limit.count()).isEqualTo(1);
    }
}
