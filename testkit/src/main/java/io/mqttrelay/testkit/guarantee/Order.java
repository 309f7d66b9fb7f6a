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
 * At each address, the attempts of one sequence of messages begin in the order in which the messages were sent, retries
 * included. Only a declared crash lets a sequence begin again further back.
 */
public final class Order {
    private Order() {}

    /** One sequence per MQTT topic. */
    public static Verdict perTopic(Collection<Sent> sent, Collection<Delivery> deliveries) {
        return check(sent, deliveries, Delivery::topic, Sent::topic);
    }

    /**
     * One sequence per MQTT topic, looking at the first attempt of each message only: for runs in which connections to
     * the MQTT broker break at moments that nobody knows. What the broker was not told of in time comes again then, behind
     * what came after it.
     */
    public static Verdict firstPerTopic(Collection<Sent> sent, Collection<Delivery> deliveries) {
        Set<String> seen = new HashSet<>();
        List<Delivery> first = deliveries.stream()
                .filter(delivery -> seen.add(delivery.address() + " " + delivery.id()))
                .toList();
        return perTopic(sent, first);
    }

    /** One sequence for everything. */
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
                continue; // whether it may be there at all is for others to say
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
