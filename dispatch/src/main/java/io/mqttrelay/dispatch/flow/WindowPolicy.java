package io.mqttrelay.dispatch.flow;

import io.mqttrelay.dispatch.position.Admission;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.Destinations;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides whether more deliveries of an address may be loaded into memory. A full address is fed again only when half
 * of its space is free. Consumer thread.
 */
public final class WindowPolicy implements Admission {
    /**
     * Untried deliveries of an address that takes nothing at present: enough for the attempts that find out whether it
     * does again. Failed deliveries do not count: if only those were in memory, another topic would never be tried.
     */
    private static final int PROBES = 16;

    private final int most;
    private final Destinations destinations;
    private final LongSupplier nanoTime;
    private final Duration betweenLooks;

    /**
     * @param most deliveries of one address in one partition
     * @param nanoTime a monotonic clock, nanoseconds
     * @param betweenLooks least time between two counts of the blocked lanes' deliveries in memory
     */
    public WindowPolicy(int most, Destinations destinations, LongSupplier nanoTime, Duration betweenLooks) {
        this.most = most;
        this.destinations = destinations;
        this.nanoTime = nanoTime;
        this.betweenLooks = betweenLooks;
    }

    /** A monotonic clock, nanoseconds. */
    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Least time between two counts of the blocked lanes' deliveries in memory, nanoseconds. */
    @Override
    public long betweenLooks() {
        return betweenLooks.toNanos();
    }

    /** Whether the address takes messages at present. */
    @Override
    public boolean takes(Cursor cursor) {
        return cursor.isServed() && destinations.takes(cursor.window().key());
    }

    /**
     * Whether enough deliveries that could go out are in memory. While the address takes nothing, some of them must be
     * untried.
     */
    boolean hasEnough(Cursor cursor) {
        return destinations.hasEnough(cursor.window().key()) && (takes(cursor) || cursor.hasUntried(PROBES));
    }

    public boolean wantsMore(Cursor cursor) {
        return isRoomy(cursor) && !hasEnough(cursor);
    }

    boolean isFull(Cursor cursor) {
        return cursor.open() >= most || cursor.window().memory().isFull();
    }

    @Override
    public boolean isRoomy(Cursor cursor) {
        return cursor.open() <= most / 2 && cursor.window().memory().isRoomy();
    }

    /** Whether the cursor is behind and a scan should begin for it. */
    @Override
    public boolean isHungry(Cursor cursor) {
        return isBehind(cursor) && wantsMore(cursor) && !isWaitingForProbes(cursor, PROBES / 2);
    }

    /** Whether the cursor is behind and a running scan may serve it. */
    @Override
    public boolean mayRide(Cursor cursor) {
        return isBehind(cursor) && !isFull(cursor) && !isWaitingForProbes(cursor, PROBES);
    }

    /**
     * Whether blocked lanes may load more deliveries: up to a quarter of the space, since a paused partition resumes
     * when half is free.
     */
    @Override
    public boolean mayLoadLanes(Cursor cursor) {
        return cursor.isServed()
                && bytesBeyondQuarter(cursor) <= 0
                && deliveriesBeyondQuarter(cursor) <= 0
                && !isWaitingForProbes(cursor, PROBES);
    }

    /** Whether the address takes nothing, and no scan begins for it because of the untried deliveries in memory. */
    boolean isWaitingForProbes(Cursor cursor) {
        return isWaitingForProbes(cursor, PROBES / 2);
    }

    private boolean isWaitingForProbes(Cursor cursor, int probes) {
        return cursor.open() >= probes && !takes(cursor) && cursor.hasUntried(probes);
    }

    /** Whether this many untried lanes in memory are enough probes of an address that takes nothing. */
    boolean areEnoughProbes(int lanes) {
        return lanes >= PROBES / 2;
    }

    long bytesBeyondQuarter(Cursor cursor) {
        return cursor.window().memory().beyondQuarter();
    }

    int deliveriesBeyondQuarter(Cursor cursor) {
        return cursor.open() - most / 4;
    }

    /** Offsets of a catch-up scan after which a waiting feed gets its turn. */
    @Override
    public long turn() {
        return 2L * most;
    }

    private static boolean isBehind(Cursor cursor) {
        return !cursor.isInStep() && cursor.isServed();
    }
}
