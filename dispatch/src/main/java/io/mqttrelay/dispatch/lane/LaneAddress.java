package io.mqttrelay.dispatch.lane;

import java.util.HashMap;
import java.util.Map;

/** The lanes of one address, and how many of its deliveries go out at once. Guarded by the lock of {@link Lanes}. */
public final class LaneAddress {
    record Key(Object scope, String orderKey) {}

    final int limit;
    final Map<Key, Lane> lanes = new HashMap<>();
    final ReadyLanes ready = new ReadyLanes();
    int running;
    int holds;
    boolean shut;
    boolean probe;
    boolean inTurn;
    /** In the order in which addresses got their first delivery; 0: it had none yet. */
    int number;

    /** @param limit deliveries that may be out at once */
    public LaneAddress(int limit) {
        this.limit = limit;
    }

    boolean mayStart() {
        return holds == 0 && (!shut || probe) && running < limit && !ready.isEmpty();
    }

    boolean isHeld() {
        return holds > 0 || shut;
    }
}
