package io.mqttrelay.bench.run;

import java.util.function.Consumer;

/** Another with more messages in a turn: what a process costs once, to start and to compile, is shared by more of them. */
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
