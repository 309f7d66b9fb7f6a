package io.mqttrelay.testkit.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Checks the order: at each address, the attempts of one sequence of messages begin in the order of sending, retries
 * included. Only after a declared crash may a sequence start again at an earlier message.
 */
public final class Order {
    private Order() {}

    /** Checks one sequence per MQTT topic. */
    public static Verdict perTopic(Collection<Sent> sent, Collection<Delivery> deliveries) {
        return check(sent, deliveries, Delivery::topic, Sent::topic);
    }

    /**
     * Checks one sequence per MQTT topic, but only the first attempt of each message. For runs in which connections
     * to the MQTT broker break at unknown moments: the broker repeats a message whose acknowledgement is lost, after
     * later messages.
     */
    public static Verdict firstPerTopic(Collection<Sent> sent, Collection<Delivery> deliveries) {
        Set<String> seen = new HashSet<>();
        List<Delivery> first = deliveries.stream()
                .filter(delivery -> seen.add(delivery.address() + " " + delivery.id()))
                .toList();
        return perTopic(sent, first);
    }

    /** Checks one sequence for all messages. */
    public static Verdict overall(Collection<Sent> sent, Collection<Delivery> deliveries) {
        return check(sent, deliveries, delivery -> "", message -> "");
    }

    private static Verdict check(
            Collection<Sent> sent,
            Collection<Delivery> deliveries,
            Function<Delivery, String> keyOfDelivery,
            Function<Sent, String> keyOfSent) {
        Map<String, Integer> positions = new HashMap<>();
        Map<String, Integer> lengths = new HashMap<>();
        for (Sent message : sent) {
            positions.putIfAbsent(message.id(), lengths.merge(keyOfSent.apply(message), 1, Integer::sum));
        }
        Map<String, Progress> sequences = new HashMap<>();
        List<String> offences = new ArrayList<>();
        int rewinds = 0;
        for (Delivery delivery : deliveries) {
            Integer position = positions.get(delivery.id());
            if (position == null) {
                continue; // other checks report unknown messages
            }
            String sequence = delivery.address() + " " + keyOfDelivery.apply(delivery);
            Progress before = sequences.put(sequence, new Progress(position, delivery.epoch(), delivery.id()));
            if (before == null || position >= before.position) {
                continue;
            }
            if (delivery.epoch() > before.epoch) {
                rewinds++;
            } else {
                offences.add(delivery.id() + " after " + before.id + " at " + sequence.trim());
            }
        }
        String counts = deliveries.size() + " attempts in " + sequences.size() + " sequences, " + rewinds
                + " rewinds after a crash";
        return new Verdict("order", counts, offences);
    }

    private record Progress(int position, int epoch, String id) {}
}
