package io.mqttrelay.dispatch.flow;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.Destinations;
import io.mqttrelay.dispatch.position.OffsetState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Blocks lanes whose first message fails or hangs, where an address has no more room in memory, or takes nothing and
 * needs an untried lane to find out whether it does again. The deliveries of a blocked lane are dropped and wait in
 * Kafka, so that the other lanes of the address have room. Consumer thread.
 */
public final class LaneBlocking {
    /**
     * Most blocked lanes while nothing is delivered to an address: enough for a few failing topics, few enough when all
     * fail in an outage.
     */
    static final int MOST_WHILE_DOWN = 64;

    /** After a look that found no lane to block, the next looks come this many times later. */
    private static final int IN_VAIN = 10;

    /** The deliveries of one lane in memory. */
    private static final class Held {
        private final String orderKey;
        private final OffsetState first;
        private int deliveries;

        Held(String orderKey, OffsetState first) {
            this.orderKey = orderKey;
            this.first = first;
        }
    }

    private final WindowPolicy policy;
    private final Destinations destinations;
    /** The earliest next look at each cursor, by the monotonic clock. */
    private final Map<Cursor, Long> notBefore = new HashMap<>();

    public LaneBlocking(WindowPolicy policy, Destinations destinations) {
        this.policy = policy;
        this.destinations = destinations;
    }

    /** Blocks lanes of each address that is full in this partition, or has nothing but failing lanes to try. */
    void step(Assignment assignment) {
        for (Cursor cursor : assignment.cursors()) {
            boolean full = isToGiveRoom(assignment, cursor);
            if ((full || isToReadOn(assignment, cursor)) && cursor.isServed()) {
                long now = policy.nanoTime();
                Long allowed = notBefore.get(cursor);
                if (allowed == null || now - allowed >= 0) {
                    notBefore.keySet().removeIf(each -> !each.assignment().isCurrent());
                    boolean blocked = block(assignment, cursor, full, now);
                    notBefore.put(cursor, now + (blocked ? 1 : IN_VAIN) * policy.betweenLooks());
                }
            }
        }
    }

    private boolean isToGiveRoom(Assignment assignment, Cursor cursor) {
        return policy.isFull(cursor) || (assignment.paused() == Assignment.Pause.FULL && !policy.isRoomy(cursor));
    }

    /** Whether records are to be read for an address that takes nothing, and untried deliveries have the room. */
    private boolean isToReadOn(Assignment assignment, Cursor cursor) {
        return (!cursor.isInStep() || cursor.blockedLanes() > 0 || assignment.paused() == Assignment.Pause.ENOUGH)
                && policy.isWaitingForProbes(cursor);
    }

    private boolean block(Assignment assignment, Cursor cursor, boolean full, long now) {
        Set<String> hanging =
                destinations.lanesOfLongCalls(assignment, cursor.window().key());
        if (hanging.isEmpty() && !cursor.hasFailedDelivery()) {
            return false; // as under full load: its lanes need not be told apart
        }
        Map<String, Held> lanes = lanes(cursor);
        if (!full && policy.areEnoughProbes(untried(lanes.values()))) {
            return false; // each gets its attempt, and nothing is read again
        }
        List<Held> candidates = new ArrayList<>(lanes.values());
        candidates.removeIf(held -> held.first.isUntried() && !hanging.contains(held.orderKey));
        List<Held> withMore = candidates.stream()
                .filter(held -> held.deliveries > 1)
                .sorted(Comparator.comparingInt((Held held) -> held.deliveries).reversed())
                .toList();
        unload(cursor, withMore, false, now);
        if (!policy.isRoomy(cursor)) {
            unload(cursor, longestWaits(cursor, candidates), true, now);
        }
        return !candidates.isEmpty();
    }

    private static Map<String, Held> lanes(Cursor cursor) {
        Map<String, Held> lanes = new LinkedHashMap<>();
        cursor.forEachOpen(state -> {
            String orderKey = state.orderKey();
            if (orderKey != null) {
                lanes.computeIfAbsent(orderKey, key -> new Held(key, state)).deliveries++;
            }
        });
        return lanes;
    }

    private static int untried(Collection<Held> lanes) {
        return (int) lanes.stream().filter(held -> held.first.isUntried()).count();
    }

    /** Lanes whose first delivery waits longest, as many as free enough room. */
    private List<Held> longestWaits(Cursor cursor, List<Held> candidates) {
        long bytes = policy.bytesBeyondQuarter(cursor);
        long deliveries = policy.deliveriesBeyondQuarter(cursor);
        List<Held> chosen = new ArrayList<>();
        List<Held> waiting = new ArrayList<>(candidates);
        waiting.removeIf(held -> held.first.waitNanos() == 0);
        waiting.sort(
                Comparator.comparingLong((Held held) -> held.first.waitNanos()).reversed());
        for (Held held : waiting) {
            if (bytes <= 0 && deliveries <= 0) {
                break;
            }
            chosen.add(held);
            bytes -= held.first.bytes();
            deliveries--;
        }
        return chosen;
    }

    private void unload(Cursor cursor, List<Held> candidates, boolean resting, long now) {
        int allowed = allowed(cursor);
        Set<String> chosen = new HashSet<>();
        for (Held held : candidates) {
            if (cursor.isBlocked(held.first) || allowed-- > 0) {
                chosen.add(held.orderKey);
            }
        }
        if (!chosen.isEmpty()) {
            destinations.unloadLanes(cursor.assignment(), cursor.window().key(), chosen, resting);
            cursor.blockLanes(now);
        }
    }

    /** How many more lanes may be blocked. */
    private int allowed(Cursor cursor) {
        if (cursor.window().lanes().isFull()) {
            return 0;
        }
        return policy.takes(cursor) ? Integer.MAX_VALUE : MOST_WHILE_DOWN - cursor.blockedLanes();
    }
}
