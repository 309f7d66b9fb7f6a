package io.mqttrelay.testkit.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks committed offsets. At no time is a committed offset beyond a message that was neither accepted at all its
 * addresses nor dead. A committed offset never decreases.
 */
public final class OffsetsNeverPass {
    private OffsetsNeverPass() {}

    /**
     * A committed offset that was read at some time.
     *
     * @param partition {@code topic-number}
     * @param offset the next one to be read
     * @param atNanos when the answer arrived, by the {@link System#nanoTime} of the deliveries
     */
    public record Sample(String partition, long offset, long atNanos) {}

    /** The position of a message in Kafka. */
    public record Stored(String partition, long offset, String id, String topic) {}

    /**
     * Compares every sample with the messages that were settled at its time.
     *
     * @param samples in the order taken
     * @param dead counts as settled from the beginning
     */
    public static Verdict check(
            Collection<Sample> samples,
            Collection<Stored> stored,
            Collection<Delivery> deliveries,
            Collection<Dead> dead,
            Collection<Expectation> expectations) {
        Map<String, Long> acceptedAt = acceptedAt(deliveries);
        Set<Dead> buried = Set.copyOf(dead);
        Map<String, List<Settled>> partitions = stored.stream()
                .map(record -> settled(record, acceptedAt, buried, expectations))
                .collect(Collectors.groupingBy(settled -> settled.record.partition()));
        Map<String, Long> last = new HashMap<>();
        List<String> offences = new ArrayList<>();
        for (Sample sample : samples) {
            Long before = last.put(sample.partition(), sample.offset());
            if (before != null && sample.offset() < before) {
                offences.add(sample.partition() + " went back from " + before + " to " + sample.offset());
            }
            for (Settled settled : partitions.getOrDefault(sample.partition(), List.of())) {
                if (settled.record.offset() < sample.offset() && settled.atNanos - sample.atNanos() > 0) {
                    offences.add(sample.partition() + " committed " + sample.offset() + " before " + settled.record.id()
                            + " at " + settled.record.offset() + " was settled");
                }
            }
        }
        String counts =
                samples.size() + " samples of " + last.size() + " partitions with " + stored.size() + " messages";
        return new Verdict("offsets never pass", counts, offences);
    }

    private static Map<String, Long> acceptedAt(Collection<Delivery> deliveries) {
        Map<String, Long> acceptedAt = new HashMap<>();
        for (Delivery delivery : deliveries) {
            if (delivery.accepted()) {
                acceptedAt.merge(delivery.address() + " " + delivery.id(), delivery.atNanos(), Math::min);
            }
        }
        return acceptedAt;
    }

    private static Settled settled(
            Stored record, Map<String, Long> acceptedAt, Set<Dead> buried, Collection<Expectation> expectations) {
        long settledAt = Long.MIN_VALUE / 2;
        for (Expectation expectation : expectations) {
            boolean counts =
                    expectation.wants(record.topic()) && !buried.contains(new Dead(expectation.address(), record.id()));
            if (counts) {
                settledAt = Math.max(
                        settledAt,
                        acceptedAt.getOrDefault(expectation.address() + " " + record.id(), Long.MAX_VALUE / 2));
            }
        }
        return new Settled(record, settledAt);
    }

    private record Settled(Stored record, long atNanos) {}
}
