package io.mqttrelay.bench.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Rotates the order of the entrants from round to round, so that no entrant always runs after the slowest one, or
 * after a pause.
 */
final class Rounds {
    private Rounds() {}

    /** @param round from 1, which has the original order */
    static <T> List<T> order(Collection<T> entrants, int round) {
        List<T> order = new ArrayList<>(entrants);
        Collections.rotate(order, 1 - round);
        return order;
    }
}
