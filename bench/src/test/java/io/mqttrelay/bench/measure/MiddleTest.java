package io.mqttrelay.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MiddleTest {
    private final List<Sample> samples = new ArrayList<>();

    private void sample(long millis, long done, long cpuMicros) {
        samples.add(new Sample(TimeUnit.MILLISECONDS.toNanos(millis), done, new ProcessCost(cpuMicros, millis)));
    }

    @Test
    void neitherTheStartNorTheStragglersCount() {
        sample(0, 0, 0);
        sample(5000, 200, 9000); // slow to start
        sample(6000, 550, 16_000);
        sample(7000, 900, 23_000);
        sample(20_000, 1000, 90_000); // a straggler

        Middle middle = Middle.of(samples);

        assertThat(middle.perSecond()).isCloseTo(350, within(0.1));
        assertThat(middle.cpuMicros()).isCloseTo(20, within(0.1));
        assertThat(middle.residentBytes()).isEqualTo(20_000);
    }

    @Test
    void aRunInWhichNothingHappenedHasNoRate() {
        sample(0, 0, 0);
        sample(1000, 0, 100);

        assertThat(Middle.of(samples).perSecond()).isZero();
    }
}
