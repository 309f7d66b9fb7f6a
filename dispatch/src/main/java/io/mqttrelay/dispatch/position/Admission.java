package io.mqttrelay.dispatch.position;

/**
 * Decides whether more deliveries of an address may be loaded into memory; implemented by the back-pressure. Consumer
 * thread.
 */
public interface Admission {
    /** Whether the address takes messages at present. */
    boolean takes(Cursor cursor);

    /** Whether much of the address's space is free. */
    boolean isRoomy(Cursor cursor);

    /** Whether the cursor is behind and a scan should begin for it. */
    boolean isHungry(Cursor cursor);

    /** Whether the cursor is behind and a running scan may serve it. */
    boolean mayRide(Cursor cursor);

    /** Whether blocked lanes may load more deliveries. */
    boolean mayLoadLanes(Cursor cursor);

    /** Offsets of a catch-up scan after which a waiting feed gets its turn. */
    long turn();

    /** A monotonic clock, nanoseconds. */
    long nanoTime();

    /** Least time between two counts of the blocked lanes' deliveries in memory, nanoseconds. */
    long betweenLooks();
}
