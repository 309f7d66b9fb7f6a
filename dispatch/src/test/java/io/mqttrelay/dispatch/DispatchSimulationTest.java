package io.mqttrelay.dispatch;

import org.junit.jupiter.api.Test;

/**
 * After any schedule: nothing lost, order kept per address and key, nothing accepted twice by one assignment, no offset
 * past an open record, limits kept, and everything ends.
 */
final class DispatchSimulationTest {
    private static final long SCHEDULES = Long.getLong("dispatch.simulation.schedules", 400);
    private static final long FIRST = Long.getLong("dispatch.simulation.first", 0);

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
