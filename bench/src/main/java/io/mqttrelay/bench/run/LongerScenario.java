package io.mqttrelay.bench.run;

import java.util.function.Consumer;

/**
 * Another scenario with more messages in a turn, so that the fixed cost of a process (start, compilation) weighs
 * less.
 */
record LongerScenario(Scenario scenario, int times) implements Scenario {
    @Override
    public String name() {
        return scenario.name();
    }

    @Override
    public String title() {
        return scenario.title();
    }

    @Override
    public void run(Stage stage, Settings settings, Consumer<Turn> results) {
        scenario.run(stage, settings.times(times), results);
    }
}
