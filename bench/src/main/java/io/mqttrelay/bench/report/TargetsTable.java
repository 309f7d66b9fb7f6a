package io.mqttrelay.bench.report;

import static io.mqttrelay.bench.report.FigureTarget.most;
import static io.mqttrelay.bench.report.FigureTarget.processor;
import static io.mqttrelay.bench.report.FigureTarget.rate;

import io.mqttrelay.bench.measure.TurnResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The performance targets of the relay, with the newest measurements. */
final class TargetsTable {
    private static final String RELAY = "relay";
    private static final String BARE = "bare-virtual";

    private TargetsTable() {}

    static List<String> of(List<TurnResult> results) {
        List<String> lines = new ArrayList<>();
        lines.add("| what | figure | should be | was | measured |");
        lines.add("| --- | --- | ---: | ---: | --- |");
        all().forEach(target -> lines.add(target.line(Standing.newest(results, target.scenario()))));
        return lines;
    }

    private static List<FigureTarget> all() {
        return Stream.of(calls(), batches(), ingest(), endToEnd(), faults(), growth(), fleet(), olderJava())
                .flatMap(List::stream)
                .toList();
    }

    private static List<FigureTarget> calls() {
        String instant = "an answer at once";
        String slow = "an answer after 20 ms";
        return List.of(
                rate("p1", instant, RELAY, BARE, 0.95),
                processor("p1", instant, RELAY, BARE, 1.10),
                rate("p1", instant, RELAY, "parallel-key", 1.5),
                rate("p1", instant, RELAY, "parallel-unordered", 1.5),
                rate("p1", instant, RELAY, "parallel-vertx", 1.0),
                rate("p1", instant, RELAY, "parallel-vertx-key", 1.0),
                rate("p2", slow, RELAY, BARE, 0.97),
                rate("p2", slow, RELAY, "parallel-vertx", 1.05));
    }

    private static List<FigureTarget> batches() {
        return List.of(rate("p3", "batches of 500", RELAY, "connect-batches", 1.0));
    }

    private static List<FigureTarget> ingest() {
        String burst = "ingest of a burst";
        return List.of(
                rate("p4", burst, RELAY, "bare-ingest", 0.95),
                processor("p4", burst, RELAY, "bare-ingest", 1.15),
                rate("p4", burst, RELAY, "camel-ingest", 1.8));
    }

    private static List<FigureTarget> endToEnd() {
        return List.of(
                most("p5-1000", "PUBLISH to POST, 1,000 a second", RELAY, Column.P99, 11.5),
                most("p5-5000", "PUBLISH to POST, 5,000 a second", RELAY, Column.P99, 50));
    }

    private static List<FigureTarget> faults() {
        String tenth = "a tenth of the calls fails";
        return List.of(
                rate("p6-500", tenth + ", any order", "relay-unordered", "relay-unordered-clean", 0.9),
                rate("p6-500", tenth + ", in order", RELAY, "relay-clean", 0.9),
                rate("p6-dead", "one of two addresses is down: the other", RELAY, "relay-one-address", 0.95),
                rate("p10", "an MQTT topic always fails: the others", RELAY, "relay-none-blocked", 0.95));
    }

    private static List<FigureTarget> growth() {
        List<FigureTarget> all = new ArrayList<>();
        all.add(grown("p7-backlog", "a backlog of 10M", "relay-10M", "relay-10k"));
        all.add(grown("p7-backlog", "the same", "relay-10M", "relay-1M")); // the small one is warm-up only
        Stream.of("10", "100", "1000")
                .forEach(many -> all.add(grown("p7-apps", many + " apps", "relay-" + many, "relay-1")));
        Stream.of("100k", "1M")
                .forEach(many -> all.add(grown("p7-topics", many + " MQTT topics", "relay-" + many, "relay-1k")));
        Stream.of("80B", "256B", "4kB", "64kB", "1MB")
                .forEach(many -> all.add(grown("p7-payload", "payloads of " + many, "relay-" + many, "bare-" + many)));
        Stream.of("2", "4", "8")
                .forEach(many -> all.add(grown("p7-fan-out", many + " addresses", "relay-" + many, "relay-1")));
        return all;
    }

    private static FigureTarget grown(String scenario, String what, String contender, String beside) {
        return rate(scenario, what, contender, beside, 0.9);
    }

    private static List<FigureTarget> fleet() {
        return List.of(
                rate("p8", "two dispatchers, an answer after 50 ms", "relay-x2", "relay-x1", 1.9),
                rate("p8", "four dispatchers", "relay-x4", "relay-x1", 3.7),
                most("p9", "ingest starts", "relay-ingest", Column.START, 3),
                most("p9", "dispatch starts", "relay-dispatch", Column.START, 3),
                most("p9", "ingest idle", "relay-ingest", Column.RESIDENT, 200),
                most("p9", "dispatch idle", "relay-dispatch", Column.RESIDENT, 200));
    }

    private static List<FigureTarget> olderJava() {
        String java = "Java 17: ";
        return List.of(
                rate("p1-java17", java + "an answer at once", RELAY, BARE, 0.95),
                processor("p1-java17", java + "an answer at once", RELAY, BARE, 1.10),
                rate("p2-java17", java + "an answer after 20 ms", RELAY, BARE, 0.97),
                rate("p4-java17", java + "ingest of a burst", RELAY, "bare-ingest", 0.95),
                processor("p4-java17", java + "ingest of a burst", RELAY, "bare-ingest", 1.15));
    }
}
