package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which address may start next. Addresses take turns, and while there are several, one may start another delivery only as
 * long as it has no more than four out for each place that is spare: free, and not kept for an address that has none out.
 * So even addresses whose calls hang leave places for the others. Guarded by the lock of {@link Lanes}.
 */
final class Turns {
    private static final int OUT_PER_SPARE_PLACE = 4;

    /** At most this part of all places is kept for addresses that have none out. */
    private static final int KEPT_PART = 8;

    private final int limit;
    /** How many of them may be out at present. */
    private int allowed;

    private final ArrayDeque<LaneAddress> inTurn = new ArrayDeque<>();

    /** Those that have too many out at present; no {@link LaneAddress#running} changes in here. */
    private final TreeSet<LaneAddress> greedy =
            new TreeSet<>(Comparator.<LaneAddress>comparingInt(address -> address.running)
                    .thenComparingLong(address -> address.number));

    private int numbers;
    private int known;
    private int idle;
    private int running;
    private long ended;

    Turns(int limit) {
        this.limit = limit;
        this.allowed = limit;
    }

    /** So many may be out from now on; others that are stay. */
    void allow(int calls) {
        allowed = Math.max(1, Math.min(limit, calls));
    }

    /** How many are out. */
    int running() {
        return running;
    }

    /** How many have ended since this was made, or went to rest. */
    long ended() {
        return ended;
    }

    /** There is one address more. Its number, from 1. */
    int know() {
        idle++;
        known++;
        return ++numbers;
    }

    /** An address gets nothing more; what of it is out ends. */
    void forget(LaneAddress address) {
        known--;
        idle -= address.running == 0 ? 1 : 0;
        address.forgotten = true;
    }

    /** How many addresses have something out, or 1. */
    int busy() {
        return Math.max(1, known - idle);
    }

    /** How many may be out at present. */
    int allowed() {
        return allowed;
    }

    /** It may have become able to start. */
    void offer(LaneAddress address) {
        if (!address.inTurn && address.mayStart()) {
            address.inTurn = true;
            inTurn.addLast(address);
        }
    }

    /** One of its deliveries is not out any more. */
    void freed(LaneAddress address) {
        if (greedy.remove(address)) {
            address.inTurn = false;
        }
        running--;
        ended++;
        address.running--;
        idle += address.running == 0 && !address.forgotten ? 1 : 0;
        offer(address);
    }

    /** The address that starts a delivery now; null: nobody may. */
    @Nullable
    LaneAddress next() {
        while (running < allowed) {
            LaneAddress address = inTurn.pollFirst();
            if (address == null) {
                address = leastGreedy();
            } else if (!leavesRoom(address)) {
                greedy.add(address);
                continue;
            }
            if (address == null) {
                return null;
            }
            address.inTurn = false;
            if (address.mayStart()) {
                return address;
            }
        }
        return null;
    }

    void started(LaneAddress address) {
        idle -= address.running == 0 ? 1 : 0;
        running++;
        address.running++;
        address.probe = false;
        offer(address);
    }

    private @Nullable LaneAddress leastGreedy() {
        return greedy.isEmpty() || !leavesRoom(greedy.first()) ? null : greedy.pollFirst();
    }

    private boolean leavesRoom(LaneAddress address) {
        int spare = limit - running - Math.min(idle, limit / KEPT_PART);
        return address.running == 0 || known == 1 || address.running <= (long) OUT_PER_SPARE_PLACE * spare;
    }
}
