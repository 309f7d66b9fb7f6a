package io.mqttrelay.dispatch;

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
    private static final String DELIVER = "io.mqttrelay.dispatch.deliver";
    private static final long FIRST = Long.getLong("dispatch.simulation.first", 0);

    @BeforeAll
    static void quiet() {
        Configurator.setLevel(DELIVER, Level.OFF); // thousands of simulated failures
    }

    @AfterAll
    static void loud() {
        Configurator.setLevel(DELIVER, Level.INFO);
    }

    @Test
    void everyScheduleKeepsThePromises() {
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try (DispatchSimulation simulation = new DispatchSimulation(seed)) {
            simulation.run();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
