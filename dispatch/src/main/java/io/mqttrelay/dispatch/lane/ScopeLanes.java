package io.mqttrelay.dispatch.lane;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lanes of one address and scope that have deliveries. Guarded by the lock of {@link Lanes}. */
final class ScopeLanes {
    /** By order key. */
    private final Map<String, Lane> ordered = new HashMap<>();

    /** Deliveries without order, each a lane by itself; one may rest outside of all queues. */
    private int unordered;

    @Nullable
    Lane get(String orderKey) {
        return ordered.get(orderKey);
    }

    void put(String orderKey, Lane lane) {
        ordered.put(orderKey, lane);
    }

    Collection<Lane> ordered() {
        return ordered.values();
    }

    boolean isEmpty() {
        return ordered.isEmpty();
    }

    /** Counts the lane that this delivery opened. */
    void opened(Queued first) {
        unordered += first.orderKey() == null ? 1 : 0;
    }

    /** Removes the lane of this delivery. */
    void closed(Queued last) {
        String orderKey = last.orderKey();
        if (orderKey == null) {
            unordered--;
        } else {
            ordered.remove(orderKey);
        }
    }

    /** Lanes, waiting, resting or in flight. */
    int size() {
        return ordered.size() + unordered;
    }

    /** Number of lanes of these deliveries of one scope. */
    static int count(List<? extends Queued> deliveries) {
        Set<String> keys = new HashSet<>();
        int without = 0;
        for (Queued delivery : deliveries) {
            String orderKey = delivery.orderKey();
            if (orderKey == null) {
                without++;
            } else {
                keys.add(orderKey);
            }
        }
        return keys.size() + without;
    }
}
