package io.mqttrelay.bench.report;

import io.mqttrelay.bench.measure.Spread;
import io.mqttrelay.bench.measure.TurnResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One scenario's results as lines for a terminal. */
public final class TextTable {
    private TextTable() {}

    /** The line of one turn. */
    public static String line(TurnResult result) {
        Standing alone = new Standing(result.contender(), List.of(result));
        StringBuilder line =
                new StringBuilder(String.format(Locale.ROOT, "%2d %-22s", result.round(), result.contender()));
        for (Column column : Column.of(List.of(alone))) {
            double value = alone.spread(column.figure()).median();
            line.append("  ").append(column.heading()).append(' ').append(column.text(value));
        }
        return result.problems().isEmpty() ? line.toString() : line + "  ! " + result.problems();
    }

    /** The table of medians, minima, maxima and ratios to the relay. */
    public static List<String> of(List<TurnResult> results) {
        List<Standing> standings = Standing.byContender(results);
        List<Column> columns = Column.of(standings);
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-22s", ""));
        columns.forEach(column -> head.append(String.format(Locale.ROOT, " %25s", column.heading())));
        lines.add(head + "   relay is   its CPU is");
        standings.forEach(each -> lines.add(line(each, columns, each.reference(standings))));
        return lines;
    }

    private static String line(Standing standing, List<Column> columns, Standing first) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-22s", standing.contender()));
        for (Column column : columns) {
            Spread spread = standing.spread(column.figure());
            String range = "(" + column.text(spread.least()) + ".." + column.text(spread.most()) + ")";
            line.append(String.format(Locale.ROOT, " %25s", column.text(spread.median()) + " " + range));
        }
        line.append(ratio(Column.RATE, first, standing)).append("  ").append(ratio(Column.CPU, first, standing));
        standing.results().stream()
                .map(TurnResult::problems)
                .filter(each -> !each.isEmpty())
                .findFirst()
                .ifPresent(each -> line.append("  ! ").append(each));
        return line.toString();
    }

    private static String ratio(Column column, Standing first, Standing other) {
        double divisor = other.spread(column.figure()).median();
        return divisor == 0
                ? " ".repeat(11)
                : String.format(
                        Locale.ROOT, "%9.2f x", first.spread(column.figure()).median() / divisor);
    }
}
