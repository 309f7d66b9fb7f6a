package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * After any schedule: nothing lost, order kept per address and key, nothing accepted twice by one assignment, no offset
 * past an open record, limits kept, and everything ends.
 */
final class DispatchSimulationTest {
    private static final long SCHEDULES = Long.getLong("dispatch.simulation.schedules", 400);
    private static final String LOGGER = "io.mqttrelay.dispatch";
    private static final long FIRST = Long.getLong("dispatch.simulation.first", 0);

    @BeforeAll
    static void quiet() {
        Configurator.setLevel(LOGGER, Level.OFF); // thousands of simulated failures
    }

    @AfterAll
    static void loud() {
        Configurator.setLevel(LOGGER, Level.INFO);
    }

    @Test
    void everyScheduleKeepsThePromises() {
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            run(seed);
        }
    }

    @Test
    void oneSeedIsOneSchedule() {
        for (long seed = FIRST; seed < FIRST + 4; seed++) {
            assertThat(run(seed)).as("seed %s", seed).isEqualTo(run(seed));
        }
    }

    private static String run(long seed) {
        try (DispatchSimulation simulation = new DispatchSimulation(seed)) {
            simulation.run();
            return simulation.fingerprint();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
