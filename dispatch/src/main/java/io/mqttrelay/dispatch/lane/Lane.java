package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Deliveries that must not overtake each other. The first is in flight, or waits for a retry, or could go out. Guarded
 * by the lock of {@link Lanes}.
 */
final class Lane {
    final Object scope;
    final boolean later;
    final ArrayDeque<Queued> deliveries = new ArrayDeque<>(2);

    /** Number of first deliveries that are in flight or wait for a retry: more than one only in a batch. */
    int begun;

    /** Whether its first delivery could go out and is not in flight: the lane is among {@link Ready}. */
    boolean ready;

    Lane(Object scope, boolean later) {
        this.scope = scope;
        this.later = later;
    }

    /** Moves all deliveries except this many of the first. */
    void moveAfter(int first, List<Queued> to) {
        List<Queued> all = new ArrayList<>(deliveries);
        deliveries.clear();
        deliveries.addAll(all.subList(0, first));
        to.addAll(all.subList(first, all.size()));
    }
}
