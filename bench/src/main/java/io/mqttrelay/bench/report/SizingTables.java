package io.mqttrelay.bench.report;

import io.mqttrelay.bench.measure.TurnResult;
import io.mqttrelay.bench.sizing.Ceiling;
import io.mqttrelay.bench.sizing.Plan;
import io.mqttrelay.bench.sizing.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tables of the sizing model: the resources for given message rates, and a comparison of the model with measurements.
 */
final class SizingTables {
    private static final int SIMULATED = 200_000;
    private static final long SEED = 1;
    private static final int PROCESSORS = 2; // of the machines that results come from
    private static final int TOPICS = 1000;
    private static final int IN_FLIGHT = 1024; // dispatch.max_in_flight; that of a route is raised to it
    private static final int COPIES = 3;
    private static final double BUSY = 0.6;
    private static final List<Double> SCALES = List.of(1e3, 1e4, 1e5, 1e6);

    private SizingTables() {}

    /** The table of plans; empty: a measurement that the model needs is missing. */
    static List<String> plans(List<TurnResult> results) {
        return costs(results).map(SizingTables::plans).orElse(List.of());
    }

    private static Optional<Plan.Costs> costs(List<TurnResult> results) {
        return relay(results, "p4", "relay")
                .filter(ingest -> ingest.has("kafka_bytes_per_message"))
                .flatMap(ingest -> relay(results, "p1", "relay")
                        .filter(dispatch -> dispatch.has("kafka_cpu_micros_per_message"))
                        .map(dispatch -> new Plan.Costs(
                                median(ingest, "cpu_micros_per_message"),
                                median(ingest, "kafka_cpu_micros_per_message"),
                                median(dispatch, "kafka_cpu_micros_per_message"),
                                median(dispatch, "cpu_micros_per_message"),
                                median(ingest, "kafka_bytes_per_message"),
                                median(ingest, "messages_per_second"))));
    }

    private static List<String> plans(Plan.Costs costs) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "A message costs ingest %.0f us, Kafka %.0f us to take it and %.0f us to hand it on, dispatch %.0f us for each"
                        + " address; it takes %.0f bytes on Kafka's disk; one MQTT connection brought %,.0f a second.",
                costs.ingestMicros(),
                costs.storeMicros(),
                costs.readMicros(),
                costs.dispatchMicros(),
                costs.storedBytes(),
                costs.connectionPerSecond()));
        lines.add("");
        lines.add(
                "| messages a second | callback, ms | ingest | because of | Kafka brokers | MB a second to disks | TB a day"
                        + " | calls at a time | dispatch | because of | partitions | processors busy |");
        lines.add("| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |");
        for (double callMillis : List.of(5.0, 20.0, 200.0)) {
            for (double scale : SCALES) {
                lines.add(line(scale, callMillis, Plan.of(costs, demand(scale, callMillis))));
            }
        }
        return lines;
    }

    private static Plan.Demand demand(double perSecond, double callMillis) {
        return new Plan.Demand(perSecond, 1, callMillis, IN_FLIGHT, COPIES, PROCESSORS, BUSY);
    }

    private static String line(double perSecond, double callMillis, Plan plan) {
        return String.format(
                Locale.ROOT,
                "| %,.0f | %.0f | %,d | %s | %,d | %,.1f | %,.2f | %,.0f | %,d | %s | %,d | %,.1f |",
                perSecond,
                callMillis,
                plan.ingests(),
                words(plan.ingestLimit()),
                plan.brokers(),
                plan.writtenMegabytesPerSecond(),
                plan.storedTerabytesPerDay(),
                plan.inFlight(),
                plan.dispatchers(),
                words(plan.dispatchLimit()),
                plan.partitions(),
                plan.processors());
    }

    private static String words(Plan.Limit limit) {
        return limit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Compares each measured dispatch with the model; empty: there is no such measurement. */
    static List<String> checks(List<TurnResult> results) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| measured | calls in flight | callback, ms | us of the box for a message | formula | simulated | measured | apart |");
        lines.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        check(results, "p1", "relay").ifPresent(lines::add);
        check(results, "p2", "relay").ifPresent(lines::add);
        for (String copies : List.of("relay-x1", "relay-x2", "relay-x4")) {
            check(results, "p8", copies).ifPresent(lines::add);
        }
        return lines.size() == 2 ? List.of() : lines;
    }

    private static Optional<String> check(List<TurnResult> results, String scenario, String contender) {
        return relay(results, scenario, contender)
                .filter(each -> each.has("callback_cpu_micros_per_message"))
                .map(each -> check(scenario + " " + contender, each));
    }

    private static String check(String name, Standing standing) {
        double micros = median(standing, "cpu_micros_per_message")
                + median(standing, "kafka_cpu_micros_per_message")
                + median(standing, "callback_cpu_micros_per_message");
        Ceiling ceiling = new Ceiling(
                PROCESSORS, micros, (int) median(standing, "in_flight"), TOPICS, median(standing, "callback_ms"));
        double measured = median(standing, "messages_per_second");
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.0f | %.1f | %,.0f | %,.0f | %,.0f | %+.0f %% |",
                name,
                ceiling.calls(),
                ceiling.callMillis(),
                micros,
                ceiling.perSecond(),
                new Simulation(ceiling, SEED).perSecond(SIMULATED),
                measured,
                100 * (measured / ceiling.perSecond() - 1));
    }

    private static Optional<Standing> relay(List<TurnResult> results, String scenario, String contender) {
        return Standing.newest(results, scenario).stream()
                .filter(each -> each.contender().equals(contender))
                .findFirst();
    }

    private static double median(Standing standing, String figure) {
        return standing.spread(figure).median();
    }
}
