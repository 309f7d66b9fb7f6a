package io.mqttrelay.bench.run;

import java.util.function.Consumer;

/** Something to measure, for one of the targets. */
interface Scenario {
    /** {@code p1} and so on. */
    String name();

    /** One line for people. */
    String title();

    /** Measures everybody who takes part in turns, and hands over each result as it is there. */
    void run(Stage stage, Settings settings, Consumer<Turn> results);
}
