package io.mqttrelay.dispatch.lane;

import java.util.HashMap;
import java.util.Map;

/** The lanes of one address, and how many of its deliveries go out at once. Guarded by the lock of {@link Lanes}. */
public final class LaneAddress {
    record Key(Object scope, String orderKey) {}

    final int limit;
    final Pace pace;
    final Map<Key, Lane> lanes = new HashMap<>();
    final ReadyLanes ready = new ReadyLanes();
    int running;
    int holds;
    boolean shut;
    boolean probe;
    boolean inTurn;
    /** Waits for its {@link Pace}. */
    boolean paced;
    /** In the order in which addresses got their first delivery; 0: it had none yet. */
    int number;

    /** @param limit deliveries that may be out at once */
    public LaneAddress(int limit, Pace pace) {
        this.limit = limit;
        this.pace = pace;
    }

    boolean mayStart() {
        return !paced && holds == 0 && (!shut || probe) && running < limit && !ready.isEmpty();
    }

    boolean isHeld() {
        return holds > 0 || shut;
    }
}
