package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which address may start a call next. Addresses take turns. While there are several, an address with calls in
 * flight may start another only if it has at most four in flight for each spare call: one that is free and not reserved
 * for an idle address. So addresses whose calls hang leave calls for the others. Guarded by the lock of {@link Lanes}.
 */
final class FairScheduler {
    private static final int OUT_PER_SPARE_PLACE = 4;

    /** At most this part of all calls is reserved for addresses without calls in flight. */
    private static final int KEPT_PART = 8;

    private final int limit;
    /** Calls that may be in flight at present. */
    private int allowed;

    private boolean closed;

    private final ArrayDeque<LaneAddress> inTurn = new ArrayDeque<>();

    /**
     * Addresses with too many calls in flight at present; {@link LaneAddress#running} never changes while an address is
     * in here.
     */
    private final TreeSet<LaneAddress> greedy =
            new TreeSet<>(Comparator.<LaneAddress>comparingInt(address -> address.running)
                    .thenComparingLong(address -> address.number));

    private int numbers;
    private int known;
    private int idle;
    private int running;
    private long ended;

    FairScheduler(int limit) {
        this.limit = limit;
        this.allowed = limit;
    }

    /** Sets how many calls may be in flight; excess calls continue. */
    void allow(int calls) {
        allowed = Math.max(1, Math.min(limit, calls));
    }

    /** Stops or allows new calls of all addresses. */
    void close(boolean now) {
        closed = now;
    }

    /** Calls in flight. */
    int running() {
        return running;
    }

    /** Calls that have ended, or gone to rest, since this was made. */
    long ended() {
        return ended;
    }

    /** Adds an address; returns its number, from 1. */
    int know() {
        idle++;
        known++;
        return ++numbers;
    }

    /** Removes an address that gets no more deliveries; its calls in flight continue. */
    void forget(LaneAddress address) {
        known--;
        idle -= address.running == 0 ? 1 : 0;
        address.forgotten = true;
    }

    /** Addresses with calls in flight, at least 1. */
    int busy() {
        return Math.max(1, known - idle);
    }

    /** Calls that may be in flight at present. */
    int allowed() {
        return allowed;
    }

    /** Queues an address that may start a call. */
    void offer(LaneAddress address) {
        if (!address.inTurn && address.mayStart()) {
            address.inTurn = true;
            inTurn.addLast(address);
        }
    }

    /** Notes that a call of the address has ended. */
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

    /** The address that starts a call now; null: none may. */
    @Nullable
    LaneAddress next() {
        while (!closed && running < allowed) {
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
