package io.mqttrelay.bench.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Who goes first changes from round to round, so that nobody is always the one behind the slowest, or behind a pause. */
final class Rounds {
    private Rounds() {}

    /** @param round from 1, in which they go in their own order */
    static <T> List<T> order(Collection<T> entrants, int round) {
        List<T> order = new ArrayList<>(entrants);
        Collections.rotate(order, 1 - round);
        return order;
    }
}
