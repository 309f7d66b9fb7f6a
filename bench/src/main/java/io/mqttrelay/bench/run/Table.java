package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.Result;
import io.mqttrelay.bench.measure.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One scenario's results as lines for a terminal. */
final class Table {
    private static final String RELAY = "relay";
    private static final String RATE = "messages_per_second";

    private Table() {}

    static List<String> of(List<Result> results) {
        Map<String, List<Result>> byContender = new LinkedHashMap<>();
        results.forEach(each -> byContender
                .computeIfAbsent(each.contender(), name -> new ArrayList<>())
                .add(each));
        List<Result> first = byContender.getOrDefault(RELAY, results);
        double relay = median(first, RATE);
        double relayCpu = median(first, "cpu_micros_per_message");
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-20s %10s %19s %10s %8s %10s %10s",
                "",
                "messages/s",
                "least .. most",
                "CPU us/msg",
                "RSS MB",
                "relay is x",
                "CPU is x"));
        byContender.forEach((name, each) -> lines.add(line(name, each, relay, relayCpu)));
        return lines;
    }

    /** One turn, as it ends. */
    static String progress(Result result) {
        return String.format(
                Locale.ROOT,
                "%d %-20s %,10.0f/s %8.1f us/msg %s",
                result.round(),
                result.contender(),
                result.values().getOrDefault(RATE, 0.0),
                result.values().getOrDefault("cpu_micros_per_message", 0.0),
                result.problems());
    }

    private static String line(String name, List<Result> results, double relay, double relayCpu) {
        Spread rate = spread(results, RATE);
        double cpu = median(results, "cpu_micros_per_message");
        String problems = results.stream()
                .map(Result::problems)
                .filter(each -> !each.isEmpty())
                .findFirst()
                .map(each -> "  ! " + each)
                .orElse("");
        return String.format(
                Locale.ROOT,
                "%-20s %,10.0f %,9.0f..%,8.0f %10.1f %8.0f %10.2f %10.2f%s",
                name,
                rate.median(),
                rate.least(),
                rate.most(),
                cpu,
                median(results, "resident_mb"),
                relay / rate.median(),
                relayCpu / cpu,
                problems);
    }

    private static double median(List<Result> results, String value) {
        return spread(results, value).median();
    }

    private static Spread spread(List<Result> results, String value) {
        return Spread.of(results.stream()
                .map(each -> each.values().getOrDefault(value, 0.0))
                .toList());
    }
}
