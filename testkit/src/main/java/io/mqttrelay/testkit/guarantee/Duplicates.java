package io.mqttrelay.testkit.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that an address accepts a message once, or after faults with at most as many repetitions as there were calls
 * in flight.
 */
public final class Duplicates {
    private Duplicates() {}

    /** Checks a run without faults. */
    public static Verdict none(Collection<Delivery> deliveries) {
        return atMost(0, deliveries);
    }

    /**
     * Checks a run with faults.
     *
     * @param allowed repetitions in the whole run
     */
    public static Verdict atMost(int allowed, Collection<Delivery> deliveries) {
        Map<String, Integer> accepted = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            if (delivery.accepted()) {
                accepted.merge(delivery.id() + " at " + delivery.address(), 1, Integer::sum);
            }
        }
        List<String> repeated = new ArrayList<>();
        int repetitions = 0;
        for (Map.Entry<String, Integer> message : accepted.entrySet()) {
            if (message.getValue() > 1) {
                repetitions += message.getValue() - 1;
                repeated.add(message.getKey() + " accepted " + message.getValue() + " times");
            }
        }
        String counts = accepted.size() + " deliveries, " + repetitions + " repeated, " + allowed + " allowed";
        return new Verdict("duplicates", counts, repetitions > allowed ? repeated : List.of());
    }
}
