package io.mqttrelay.dispatch.lane;

import org.jspecify.annotations.Nullable;

/** What stands in a lane: one delivery. */
public interface Queued {
    /** Where it goes. */
    LaneAddress address();

    /** What it is taken back with: nothing of one scope is in order with anything of another. */
    Object scope();

    /** Deliveries of one key to one address go out one after another; null: it keeps no order. */
    @Nullable
    String orderKey();

    /** It waits for what is not later, where both are ready; the same for all of one key and scope. */
    default boolean later() {
        return false;
    }
}
