package io.mqttrelay.bench.run;

import java.util.function.Consumer;

/** Another scenario with fewer MQTT topics, so that each has many messages. */
record FewTopicsScenario(Scenario scenario, int topics) implements Scenario {
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
        scenario.run(stage, settings.topics(topics), results);
    }
}
