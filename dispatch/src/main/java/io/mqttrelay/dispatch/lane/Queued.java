package io.mqttrelay.dispatch.lane;

import java.util.List;
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

    /** It goes out by itself, also where the address has batches. */
    default boolean alone() {
        return true;
    }

    /** The most bytes that it takes in a batch. */
    default long bytes() {
        return 0;
    }

    /** What goes out in one call with it, itself first. */
    default List<? extends Queued> together() {
        return List.of(this);
    }

    /** It starts, and these with it, itself first. Called under the lock of {@link Lanes}: must not block. */
    default void startsWith(List<? extends Queued> all) {}
}
