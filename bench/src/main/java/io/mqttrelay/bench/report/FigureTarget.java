package io.mqttrelay.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A target for a figure of one contender, or for its ratio to another contender's figure.
 *
 * @param scenario whose newest measurement counts
 * @param what the subject of the figure, for display
 * @param beside the contender to divide by; null: no ratio
 * @param atLeast true: higher is better
 */
record FigureTarget(
        String scenario,
        String what,
        String contender,
        @Nullable String beside,
        Column column,
        boolean atLeast,
        double bound) {
    private static final int DAY = "2026-01-01".length();

    /** A minimum ratio of two rates. */
    static FigureTarget rate(String scenario, String what, String contender, String beside, double bound) {
        return new FigureTarget(scenario, what, contender, beside, Column.RATE, true, bound);
    }

    /** A maximum ratio of CPU times per message. */
    static FigureTarget processor(String scenario, String what, String contender, String beside, double bound) {
        return new FigureTarget(scenario, what, contender, beside, Column.CPU, false, bound);
    }

    static FigureTarget most(String scenario, String what, String contender, Column column, double bound) {
        return new FigureTarget(scenario, what, contender, null, column, false, bound);
    }

    /**
     * A line of a table: the subject, the target and the measured value; a missed target is bold.
     *
     * @param standings of the scenario's newest measurement
     */
    String line(List<Standing> standings) {
        return "| " + what + " | " + beside(", beside ") + " | " + (atLeast ? "≥ " : "≤ ") + text(bound) + " | "
                + was(standings) + " | " + day(standings) + " |";
    }

    private static String day(List<Standing> standings) {
        String at = standings.isEmpty() ? "" : standings.get(0).results().get(0).at();
        return at.substring(0, Math.min(at.length(), DAY));
    }

    private String beside(String words) {
        return column.heading() + (beside == null ? "" : words + "`" + beside + "`");
    }

    private String was(List<Standing> standings) {
        Map<String, Standing> byName =
                standings.stream().collect(Collectors.toMap(Standing::contender, standing -> standing));
        Standing ours = byName.get(contender);
        Standing other = beside == null ? ours : byName.get(beside);
        if (ours == null || other == null || !isMeasured(ours) || !isMeasured(other)) {
            return "not measured";
        }
        double median = of(
                ours.spread(column.figure()).median(),
                other.spread(column.figure()).median());
        String was = (isReached(median) ? text(median) : "**" + missed(median) + "**") + range(ours, other);
        return ours.isClean() && other.isClean() ? was : was + " !";
    }

    private boolean isMeasured(Standing standing) {
        return standing.has(column.figure()) && standing.spread(column.figure()).least() > 0;
    }

    private boolean isReached(double value) {
        return atLeast ? value >= bound : value <= bound;
    }

    /** The value, with one more digit if it would look like the target. */
    private String missed(double value) {
        return text(value).equals(text(bound)) ? text(value, digits() + 1) : text(value);
    }

    /** The minimum and maximum of the ratios within single rounds, where both turns were close in time. */
    private String range(Standing ours, Standing other) {
        List<Double> rounds = ours.results().stream()
                .map(result -> other.results().stream()
                        .filter(each -> each.round() == result.round())
                        .findFirst()
                        .map(each -> of(
                                result.values().getOrDefault(column.figure(), 0.0),
                                each.values().getOrDefault(column.figure(), 0.0)))
                        .orElse(null))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return rounds.size() < 2
                ? " in one round"
                : " (" + text(rounds.get(0)) + " to " + text(rounds.get(rounds.size() - 1)) + ")";
    }

    private double of(double ours, double others) {
        return beside == null ? ours : ours / others;
    }

    private int digits() {
        return beside == null ? column.digits() : 2;
    }

    private String text(double value) {
        return text(value, digits());
    }

    private String text(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value) + (beside == null ? "" : " x");
    }
}
