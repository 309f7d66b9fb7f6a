package io.mqttrelay.bench.report;

import io.mqttrelay.bench.measure.TurnResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes the newest results into {@code docs/benchmarks.md}, and charts into {@code docs/benchmarks}. */
public final class Report {
    private final Path docs;

    /** @param docs the project's {@code docs} folder */
    public Report(Path docs) {
        this.docs = docs;
    }

    /** Replaces the sections that have results; the others are unchanged. */
    public void write(List<TurnResult> all) throws IOException {
        List<TurnResult> results = Report.byJava(all);
        Path file = docs.resolve("benchmarks.md");
        String page = Files.readString(file);
        Set<String> scenarios = new LinkedHashSet<>();
        results.forEach(each -> scenarios.add(each.scenario()));
        for (String scenario : scenarios) {
            page = Page.replace(page, scenario, lines(scenario, Standing.newest(results, scenario)));
        }
        page = Page.replace(page, "targets", TargetsTable.of(results));
        page = Page.replace(page, "sizing", SizingTables.plans(results));
        page = Page.replace(page, "sizing-checks", SizingTables.checks(results));
        Files.writeString(file, page);
    }

    /** Adds the Java version to the scenario name of results from older JVMs, such as {@code p1-java17}. */
    private static List<TurnResult> byJava(List<TurnResult> results) {
        int newest = results.stream().mapToInt(Report::java).max().orElse(0);
        return results.stream()
                .map(each -> java(each) < newest ? each.ofScenario(each.scenario() + "-java" + java(each)) : each)
                .toList();
    }

    private static int java(TurnResult result) {
        return result.settings().get("java") instanceof Number java ? java.intValue() : 0;
    }

    private static String rounds(List<Standing> standings) {
        int rounds = standings.get(0).results().size();
        return rounds == 1 ? "1 round" : rounds + " rounds";
    }

    /** The number of messages, if it was the same in all turns. */
    private static String messages(List<Standing> standings) {
        Set<Double> messages = new LinkedHashSet<>();
        standings.forEach(each ->
                each.results().forEach(result -> messages.add(result.values().getOrDefault("messages", 0.0))));
        double one = messages.iterator().next();
        return messages.size() > 1 || one == 0 ? "" : String.format(Locale.ROOT, " of %,.0f messages", one);
    }

    private List<String> lines(String scenario, List<Standing> standings) throws IOException {
        Path charts = Files.createDirectories(docs.resolve("benchmarks"));
        Files.writeString(charts.resolve(scenario + ".svg"), BarChart.of(standings));
        TurnResult any = standings.get(0).results().get(0);
        List<String> lines = new ArrayList<>(MarkdownTable.of(standings));
        lines.add("");
        lines.add("Measured " + any.at() + " on " + any.machine() + "; Java "
                + any.settings().getOrDefault("java", "?") + ", "
                + rounds(standings) + messages(standings) + ".");
        lines.add("");
        lines.add("![" + scenario + "](benchmarks/" + scenario + ".svg)");
        return lines;
    }
}
