package io.mqttrelay.bench.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** A measurement for one of the targets. */
interface Scenario {
    /** The name, such as {@code p1}. */
    String name();

    /** One line for display. */
    String title();

    /** Measures all participants in turns, and passes on each result at once. */
    void run(Stage stage, Settings settings, Consumer<Turn> results);

    /**
     * The order of the entrants in a round. It rotates from round to round, so that no entrant always runs after the
     * slowest one, or after a pause.
     *
     * @param round from 1, which has the original order
     */
    static <T> List<T> order(Collection<T> entrants, int round) {
        List<T> order = new ArrayList<>(entrants);
        Collections.rotate(order, 1 - round);
        return order;
    }
}
