package io.mqttrelay.dispatch.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One delivery in a lane. */
public interface Queued {
    /** Its destination. */
    LaneAddress address();

    /** The group with which it is taken back; no order is kept between scopes. */
    Object scope();

    /** Deliveries of one key to one address go out one after another; null: it keeps no order. */
    @Nullable
    String orderKey();

    /** Whether it gives way to live deliveries, if both are ready; the same for all of one key and scope. */
    default boolean later() {
        return false;
    }

    /** Whether it goes out alone, even if the address has batches. */
    default boolean alone() {
        return true;
    }

    /** Largest number of bytes that it takes in a batch. */
    default long bytes() {
        return 0;
    }

    /** The deliveries of its call, itself first. */
    default List<? extends Queued> together() {
        return List.of(this);
    }

    /**
     * Notes that it starts in one call with these deliveries, itself first. Called under the lock of {@link Lanes}:
     * must not block.
     */
    default void startsWith(List<? extends Queued> all) {}
}
