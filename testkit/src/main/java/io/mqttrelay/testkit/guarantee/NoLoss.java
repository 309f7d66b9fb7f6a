package io.mqttrelay.testkit.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that no message is lost. Every acknowledged message was accepted at each address that should get it, or is a
 * dead letter for that address. No address accepted another message.
 */
public final class NoLoss {
    private NoLoss() {}

    /**
     * Compares the sent messages with the deliveries.
     *
     * @param acknowledged messages that must not be lost
     * @param deliveries of the addresses in {@code expectations}; others are offences
     */
    public static Verdict check(
            Collection<Sent> acknowledged,
            Collection<Delivery> deliveries,
            Collection<Dead> dead,
            Collection<Expectation> expectations) {
        Map<String, Set<String>> accepted = new HashMap<>();
        for (Delivery delivery : deliveries) {
            if (delivery.accepted()) {
                accepted.computeIfAbsent(delivery.address(), address -> new HashSet<>())
                        .add(delivery.id());
            }
        }
        Set<Dead> buried = Set.copyOf(dead);
        List<String> offences = new ArrayList<>();
        int expected = 0;
        for (Expectation expectation : expectations) {
            Set<String> arrived = accepted.getOrDefault(expectation.address(), Set.of());
            for (Sent sent : acknowledged) {
                boolean wanted = expectation.wants(sent.topic());
                boolean there = arrived.contains(sent.id());
                expected += wanted ? 1 : 0;
                if (wanted && !there && !buried.contains(new Dead(expectation.address(), sent.id()))) {
                    offences.add("lost " + sent.id() + " on " + sent.topic() + " at " + expectation.address());
                } else if (!wanted && there) {
                    offences.add("not wanted " + sent.id() + " on " + sent.topic() + " at " + expectation.address());
                }
            }
        }
        offences.addAll(unexpectedAddresses(accepted.keySet(), expectations));
        int delivered = accepted.values().stream().mapToInt(Set::size).sum();
        String counts = acknowledged.size() + " acknowledged, " + expected + " deliveries expected, " + delivered
                + " made, " + buried.size() + " dead";
        return new Verdict("no loss", counts, offences);
    }

    private static List<String> unexpectedAddresses(Set<String> addresses, Collection<Expectation> expectations) {
        Set<String> unexpected = new HashSet<>(addresses);
        expectations.forEach(expectation -> unexpected.remove(expectation.address()));
        return unexpected.stream()
                .map(address -> "deliveries at " + address + ", which nobody expected")
                .toList();
    }
}
