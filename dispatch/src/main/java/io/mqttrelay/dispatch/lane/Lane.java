package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;

/** Deliveries that must not overtake each other; the first of them is the one that goes out, or waits to be tried again. */
final class Lane {
    final Object scope;
    final boolean later;
    final ArrayDeque<Queued> deliveries = new ArrayDeque<>(2);
    /** Its first delivery could go out, and has not begun. */
    boolean ready;

    Lane(Object scope, boolean later) {
        this.scope = scope;
        this.later = later;
    }
}
