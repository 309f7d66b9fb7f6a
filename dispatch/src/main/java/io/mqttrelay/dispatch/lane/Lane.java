package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Deliveries that must not overtake each other; the first of them goes out, or waits to be tried again. */
final class Lane {
    final Object scope;
    final boolean later;
    final ArrayDeque<Queued> deliveries = new ArrayDeque<>(2);

    /** How many of the first are out, or wait to be tried again: more than one only in a batch. */
    int begun;

    /** Its first delivery could go out, and is not out: it is among {@link Ready}. */
    boolean ready;

    Lane(Object scope, boolean later) {
        this.scope = scope;
        this.later = later;
    }

    /** Moves all but so many of the first. */
    void moveAfter(int first, List<Queued> to) {
        List<Queued> all = new ArrayList<>(deliveries);
        deliveries.clear();
        deliveries.addAll(all.subList(0, first));
        to.addAll(all.subList(first, all.size()));
    }
}
