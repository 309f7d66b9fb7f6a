package io.mqttrelay.dispatch.consume;

import java.util.function.LongPredicate;

/** Whether more may be in memory for an address. What is full has to be half empty before it is fed again. */
final class Room {
    /** Of an address that takes nothing at present: enough for what tries whether it does again. */
    private static final int PROBES = 16;

    private final int most;
    private final LongPredicate takes;

    /**
     * @param most deliveries of one address in one partition
     * @param takes whether an address takes messages at present, by its {@link AddressKey}
     */
    Room(int most, LongPredicate takes) {
        this.most = most;
        this.takes = takes;
    }

    /** Whether it takes messages at present. */
    boolean takes(Cursor cursor) {
        return cursor.window().isServed() && takes.test(cursor.window().key());
    }

    boolean isFull(Cursor cursor) {
        return cursor.open() >= most || cursor.window().memory().isFull();
    }

    boolean isRoomy(Cursor cursor) {
        return cursor.open() <= most / 2 && cursor.window().memory().isRoomy();
    }

    /** Behind, and a pass should begin for it. */
    boolean isHungry(Cursor cursor) {
        return isBehind(cursor) && isRoomy(cursor) && (cursor.open() < PROBES / 2 || takes(cursor));
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
