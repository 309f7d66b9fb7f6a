package io.mqttrelay.bench.run;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Another scenario with other settings: more messages in a turn, so that the fixed cost of a process (start,
 * compilation) weighs less, or fewer MQTT topics, so that each has many messages.
 */
record AdjustedScenario(Scenario scenario, UnaryOperator<Settings> adjustment) implements Scenario {
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
        scenario.run(stage, adjustment.apply(settings), results);
    }
}
