package io.mqttrelay.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A displayed figure.
 *
 * @param figure its name in results
 * @param digits after the decimal point
 */
record Column(String figure, String heading, int digits) {
    static final Column RATE = new Column("messages_per_second", "messages a second", 0);
    static final Column CPU = new Column("cpu_micros_per_message", "CPU us per message", 1);
    static final Column P99 = new Column("p99_ms", "p99, ms", 1);
    static final Column START = new Column("start_seconds", "start to ready, s", 1);
    static final Column RESIDENT = new Column("resident_mb", "resident MB", 0);

    private static final List<Column> ALL = List.of(
            RATE,
            CPU,
            new Column("kafka_cpu_micros_per_message", "Kafka's CPU us", 1),
            new Column("kafka_bytes_per_message", "bytes in Kafka", 0),
            new Column("messages_per_call", "messages a call", 0),
            new Column("megabytes_per_second", "MB a second", 1),
            new Column("p50_ms", "p50, ms", 1),
            P99,
            new Column("p999_ms", "p99.9, ms", 1),
            new Column("max_ms", "longest, ms", 1),
            START,
            new Column("posts_to_dead_address", "POSTs to the dead address", 0),
            RESIDENT);
    private static final List<String> CHARTED = List.of(
            "messages_per_second", "cpu_micros_per_message", "p50_ms", "p99_ms", "start_seconds", "resident_mb");

    /** A figure is not shown if no contender exceeds this value; the default is 0. */
    private static final Map<String, Double> USUAL = Map.of("messages_per_call", 1.0);

    /** The figures that all standings have and at least one exceeds the usual value of. */
    static List<Column> of(List<Standing> standings) {
        return ALL.stream()
                .filter(column -> standings.stream().allMatch(each -> each.has(column.figure()))
                        && standings.stream()
                                .anyMatch(each ->
                                        each.spread(column.figure()).most() > USUAL.getOrDefault(column.figure(), 0.0)))
                .toList();
    }

    /** The figures of {@link #of} that are drawn. */
    static List<Column> charted(List<Standing> standings) {
        return of(standings).stream()
                .filter(column -> CHARTED.contains(column.figure()))
                .toList();
    }

    String text(double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
