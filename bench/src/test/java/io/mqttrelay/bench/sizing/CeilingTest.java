package io.mqttrelay.bench.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formula compared with simulated calls. */
class CeilingTest {
    private static final int MESSAGES = 200_000;
    private static final long SEED = 20261124;

    @ParameterizedTest
    @CsvSource({
        "2, 60, 128, 1000, 0", // the processors
        "2, 60, 128, 1000, 1",
        "2, 60, 128, 1000, 50", // the calls in flight
        "8, 60, 1024, 1000000, 100",
        "8, 60, 1024, 64, 20", // the topics
    })
    void equalsTheSimulationWithOneLimit(int processors, double micros, int calls, int topics, double millis) {
        Ceiling ceiling = new Ceiling(processors, micros, calls, topics, millis);
        assertThat(new Simulation(ceiling, SEED).perSecond(MESSAGES))
                .isCloseTo(ceiling.perSecond(), withinPercentage(3));
    }

    @ParameterizedTest
    @CsvSource({"2, 60, 64, 1000, 1.92", "2, 60, 256, 1000, 7.68", "4, 40, 512, 100000, 5.12"})
    void exceedsTheSimulationALittleWithTwoEqualLimits(
            int processors, double micros, int calls, int topics, double millis) {
        Ceiling ceiling = new Ceiling(processors, micros, calls, topics, millis);
        assertThat(new Simulation(ceiling, SEED).perSecond(MESSAGES))
                .isBetween(0.8 * ceiling.perSecond(), 1.01 * ceiling.perSecond());
    }
}
