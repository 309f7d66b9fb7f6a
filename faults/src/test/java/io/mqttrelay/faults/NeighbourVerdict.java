package io.mqttrelay.faults;

import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Sent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The verdict on a neighbour of a failure: every message arrived, in the order of its topic, none twice, soon enough,
 * and its MQTT connection stayed.
 *
 * @param problems empty: the failure had no effect; ids are the first ten
 */
record NeighbourVerdict(Map<String, Object> figures, List<String> problems) {
    static final int P99_MILLIS = 500;
    private static final int LATEST_MILLIS = 5_000;
    private static final int SHOWN = 10;
    private static final String P99 = "p99 ms";

    /**
     * The observations to judge.
     *
     * @param sentAtNanos when each message was published
     * @param accepted deliveries that its address accepted, in their order; may include others' messages
     * @param controlP99 milliseconds; 0: there was no control run
     * @param connectionEvents of its MQTT connection since it began
     */
    record Seen(
            List<Sent> sent,
            Map<String, Long> sentAtNanos,
            List<Delivery> accepted,
            double controlP99,
            int connectionEvents) {}

    static NeighbourVerdict of(Seen seen) {
        return of(seen, P99_MILLIS);
    }

    /** A verdict for a failure that may take others this long: milliseconds for the p99. */
    static NeighbourVerdict of(Seen seen, int p99Millis) {
        Map<String, List<Long>> latencies = new HashMap<>();
        seen.accepted().stream()
                .filter(delivery -> seen.sentAtNanos().containsKey(delivery.id()))
                .forEach(delivery -> latencies
                        .computeIfAbsent(delivery.id(), id -> new ArrayList<>())
                        .add(delivery.atNanos() - seen.sentAtNanos().get(delivery.id())));
        List<String> ids = seen.sent().stream().map(Sent::id).toList();
        List<String> missing =
                ids.stream().filter(id -> !latencies.containsKey(id)).toList();
        List<String> twice = ids.stream()
                .filter(id -> latencies.getOrDefault(id, List.of()).size() > 1)
                .toList();
        List<String> late = ids.stream()
                .filter(id ->
                        latencies.containsKey(id) && millis(latencies.get(id).get(0)) > LATEST_MILLIS)
                .toList();
        List<String> disordered = disordered(seen);
        double[] times = latencies.values().stream()
                .mapToDouble(times0 -> millis(times0.get(0)))
                .sorted()
                .toArray();
        double limit = Math.max(2 * seen.controlP99(), p99Millis);

        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sent", ids.size());
        figures.put("missing", missing.size());
        figures.put("twice", twice.size());
        figures.put("out of order", disordered.size());
        figures.put("p50 ms", percentile(times, 0.5));
        figures.put(P99, percentile(times, 0.99));
        figures.put("max ms", percentile(times, 1));
        figures.put("control p99 ms", seen.controlP99());
        figures.put("connection events", seen.connectionEvents());

        List<String> problems = new ArrayList<>();
        problem(problems, "did not arrive", missing);
        problem(problems, "arrived twice", twice);
        problem(problems, "arrived out of order", disordered);
        problem(problems, "took longer than " + LATEST_MILLIS + " ms", late);
        if (percentile(times, 0.99) > limit) {
            problems.add("p99 is " + percentile(times, 0.99) + " ms, the limit " + limit + "; the slowest: "
                    + slowest(seen, latencies));
        }
        if (seen.connectionEvents() > 0) {
            problems.add("its MQTT connection ended or began " + seen.connectionEvents() + " times");
        }
        if (ids.isEmpty()) {
            problems.add("it published nothing");
        }
        return new NeighbourVerdict(figures, problems);
    }

    /** The slowest messages, in the order in which they were published: whether they waited for one moment or for many. */
    private static String slowest(Seen seen, Map<String, List<Long>> latencies) {
        long begin = seen.sentAtNanos().values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(0);
        return latencies.entrySet().stream()
                .sorted(Comparator.comparingLong(
                        (Map.Entry<String, List<Long>> each) -> -each.getValue().get(0)))
                .limit(SHOWN)
                .sorted(Comparator.comparingLong(each -> seen.sentAtNanos().get(each.getKey())))
                .map(each -> millis(each.getValue().get(0)) + " ms, published at "
                        + millis(seen.sentAtNanos().get(each.getKey()) - begin) + " ms")
                .collect(Collectors.joining("; "));
    }

    /** Messages whose first delivery came after that of a later message of their topic. */
    private static List<String> disordered(Seen seen) {
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, String> topics = new HashMap<>();
        for (Sent sent : seen.sent()) {
            numbers.put(sent.id(), numbers.size());
            topics.put(sent.id(), sent.topic());
        }
        Map<String, Integer> highest = new HashMap<>();
        Set<String> met = new HashSet<>();
        List<String> disordered = new ArrayList<>();
        for (Delivery delivery : seen.accepted()) {
            Integer number = numbers.get(delivery.id());
            if (number != null && met.add(delivery.id())) {
                int before = highest.merge(topics.get(delivery.id()), number, Math::max);
                if (before > number) {
                    disordered.add(delivery.id());
                }
            }
        }
        return disordered;
    }

    private static void problem(List<String> problems, String what, List<String> ids) {
        if (!ids.isEmpty()) {
            problems.add(ids.size() + " " + what + ": " + ids.subList(0, Math.min(SHOWN, ids.size())));
        }
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 100_000.0) / 10.0;
    }

    /** Of sorted times; 0: there are none. */
    private static double percentile(double[] sorted, double share) {
        return Arrays.stream(sorted)
                .skip(Math.max(0, (long) Math.ceil(sorted.length * share) - 1))
                .findFirst()
                .orElse(0);
    }

    boolean holds() {
        return problems.isEmpty();
    }

    /** Milliseconds. */
    double p99() {
        return figures.get(P99) instanceof Double millis ? millis : 0;
    }
}
