package io.mqttrelay.bench.run;

import java.util.function.Consumer;

/** A measurement for one of the targets. */
interface Scenario {
    /** The name, such as {@code p1}. */
    String name();

    /** One line for display. */
    String title();

    /** Measures all participants in turns, and passes on each result at once. */
    void run(Stage stage, Settings settings, Consumer<Turn> results);
}
