package io.mqttrelay.dispatch.consume;

/** Whether more may be in memory for an address. What is full has to be half empty before it is fed again. */
final class Room {
    /** Of an address that takes nothing at present: enough for what tries whether it does again. */
    private static final int PROBES = 16;

    private final int most;
    private final Demand demand;

    /** @param most deliveries of one address in one partition */
    Room(int most, Demand demand) {
        this.most = most;
        this.demand = demand;
    }

    /** Whether it takes messages at present. */
    boolean takes(Cursor cursor) {
        return cursor.window().isServed() && demand.takes(cursor.window().key());
    }

    boolean hasEnough(Cursor cursor) {
        return demand.hasEnough(cursor.window().key());
    }

    boolean wantsMore(Cursor cursor) {
        return isRoomy(cursor) && !hasEnough(cursor);
    }

    boolean isFull(Cursor cursor) {
        return cursor.open() >= most || cursor.window().memory().isFull();
    }

    boolean isRoomy(Cursor cursor) {
        return cursor.open() <= most / 2 && cursor.window().memory().isRoomy();
    }

    /** Behind, and a pass should begin for it. */
    boolean isHungry(Cursor cursor) {
        return isBehind(cursor) && wantsMore(cursor) && (cursor.open() < PROBES / 2 || takes(cursor));
    }

    /** Behind, and a pass that comes by brings it along. */
    boolean mayRide(Cursor cursor) {
        return isBehind(cursor) && !isFull(cursor) && (cursor.open() < PROBES || takes(cursor));
    }

    /** After so many offsets of a catch-up pass it is the turn of another address, if one waits. */
    long turn() {
        return 2L * most;
    }

    private static boolean isBehind(Cursor cursor) {
        return !cursor.isInStep() && cursor.window().isServed();
    }
}
