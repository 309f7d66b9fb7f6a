package io.mqttrelay.bench.report;

import io.mqttrelay.bench.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A scenario's standings as a Markdown table: medians, with minimum and maximum in brackets. */
final class MarkdownTable {
    private MarkdownTable() {}

    static List<String> of(List<Standing> standings) {
        List<Column> shown = Column.of(standings);
        boolean rated = shown.contains(Column.RATE);
        List<String> lines = new ArrayList<>();
        lines.add("| | " + shown.stream().map(Column::heading).collect(Collectors.joining(" | "))
                + (rated ? " | `relay` is | its CPU is |" : " |"));
        lines.add("| --- |" + " ---: |".repeat(shown.size() + (rated ? 2 : 0)));
        for (Standing standing : standings) {
            String cells = shown.stream().map(column -> cell(standing, column)).collect(Collectors.joining(" | "));
            lines.add("| `" + standing.contender() + "` | " + cells
                    + (rated ? " | " + ratios(standings, standing) + " |" : " |"));
        }
        return lines;
    }

    private static String cell(Standing standing, Column column) {
        Spread spread = standing.spread(column.figure());
        String median = column.text(spread.median());
        return standing.results().size() == 1
                ? median
                : median + " (" + column.text(spread.least()) + " to " + column.text(spread.most()) + ")";
    }

    /** The ratios of the reference's rate and CPU time to those of this contender. */
    private static String ratios(List<Standing> standings, Standing standing) {
        return ratio(standings, standing, Column.RATE) + " | " + ratio(standings, standing, Column.CPU);
    }

    private static String ratio(List<Standing> standings, Standing standing, Column column) {
        double first = standing.reference(standings).spread(column.figure()).median();
        double other = standing.spread(column.figure()).median();
        return standing.equals(standings.get(0)) || other == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f x", first / other);
    }
}
