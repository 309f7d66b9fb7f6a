package io.mqttrelay.bench.dashboard;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Draws panels and their lines as SVG. */
final class Picture {
    private static final int COLUMN = 50;
    private static final int LINE = 30;
    private static final int GAP = 6;
    private static final int COLUMNS = 24;
    private static final int WIDE_CHARACTER = 12;
    private static final int LEGEND_LINES = 4;
    private static final int LEGEND_LINE = 13;
    private static final int TICKS = 4;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String[] COLOURS = {
        "#1f78b4", "#e31a1c", "#33a02c", "#ff7f00", "#6a3d9a", "#b15928", "#17becf", "#d62790", "#8c8c00", "#555555"
    };
    private static final String STYLE = "<style>text{font:10px sans-serif;fill:#57606a}.t{font:bold 12px sans-serif;"
            + "fill:#24292f}.r{font:bold 14px sans-serif;fill:#24292f}.s{font:bold 26px sans-serif;fill:#1a7f37}"
            + ".p{fill:#fff;stroke:#d0d7de}.g{stroke:#eaeef2}polyline{fill:none;stroke-width:1.3}</style>\n";

    private final StringBuilder svg = new StringBuilder();
    private final TimeRange range;

    /** @param panels the lowest one sets the height */
    Picture(List<Panel> panels, TimeRange range) {
        this.range = range;
        int lines = panels.stream()
                .mapToInt(panel -> panel.y() + panel.height())
                .max()
                .orElse(0);
        int width = COLUMNS * COLUMN + GAP;
        int height = lines * LINE + GAP;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\">%n",
                width, height);
        svg.append(STYLE);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#f6f8fa\"/>%n", width, height);
    }

    void draw(Panel panel, List<Series> series) {
        int x = panel.x() * COLUMN + GAP;
        int y = panel.y() * LINE + GAP;
        int width = panel.width() * COLUMN - GAP;
        int height = panel.height() * LINE - GAP;
        if (panel.kind().equals("row")) {
            add("<text class=\"r\" x=\"%d\" y=\"%d\">%s</text>%n", x, y + 17, escaped(panel.title()));
            return;
        }
        add("<rect class=\"p\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>%n", x, y, width, height);
        add("<text class=\"t\" x=\"%d\" y=\"%d\">%s</text>%n", x + 8, y + 17, escaped(panel.title()));
        if (panel.kind().equals("stat")) {
            double last = series.isEmpty() ? Double.NaN : series.get(0).last();
            add(
                    "<text class=\"s\" x=\"%d\" y=\"%d\">%s</text>%n",
                    x + 8, y + height - 20, Quantity.text(last, panel.unit()));
        } else {
            chart(
                    panel.unit(),
                    series,
                    new Box(
                            x + 52,
                            y + 28,
                            width - 64,
                            height - 50 - legend(series, x, y, width, height, panel.unit())));
        }
    }

    private record Box(int x, int y, int width, int height) {}

    private void chart(String unit, List<Series> series, Box box) {
        double most =
                Quantity.roundUp(series.stream().mapToDouble(Series::most).max().orElse(0), unit);
        for (int i = 0; i <= 2; i++) {
            double value = most * i / 2;
            double y = box.y() + box.height() * (1 - i / 2.0);
            add("<line class=\"g\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%2$.1f\"/>", box.x(), y, box.x() + box.width());
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    box.x() - 4, y + 3, Quantity.text(value, unit));
        }
        for (int i = 0; i <= TICKS; i++) {
            long at = range.begin() + (range.end() - range.begin()) * i / TICKS;
            add(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    box.x() + box.width() * i / TICKS,
                    box.y() + box.height() + 12,
                    CLOCK.format(Instant.ofEpochSecond(at)));
        }
        for (int i = 0; i < series.size(); i++) {
            line(series.get(i).values(), most, colour(i), box);
        }
    }

    /** Draws one line for each section without a gap. */
    private void line(List<Double> values, double most, String colour, Box box) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i <= values.size(); i++) {
            if (isThere(values, i)) {
                double x = box.x() + (double) box.width() * i / Math.max(1, values.size() - 1);
                double y = box.y() + box.height() * (1 - values.get(i) / most);
                if (!isOnTheWay(values, i)) {
                    points.append(String.format(Locale.ROOT, "%.0f,%.1f ", x, y));
                }
            } else if (!points.isEmpty()) {
                add(
                        "<polyline stroke=\"%s\" points=\"%s\"/>%n",
                        colour, points.toString().strip());
                points.setLength(0);
            }
        }
    }

    private static boolean isThere(List<Double> values, int at) {
        return at >= 0 && at < values.size() && !values.get(at).isNaN();
    }

    /** Whether both neighbours have the same value, so that the point is not needed. */
    private static boolean isOnTheWay(List<Double> values, int at) {
        return isThere(values, at - 1)
                && isThere(values, at + 1)
                && values.get(at - 1).equals(values.get(at))
                && values.get(at + 1).equals(values.get(at));
    }

    /** Draws the legend and returns its height. */
    private int legend(List<Series> series, int x, int y, int width, int height, String unit) {
        boolean narrow = series.stream()
                .allMatch(each -> (each.name() + Quantity.text(each.last(), unit)).length() < width / WIDE_CHARACTER);
        int columns = narrow ? 2 : 1;
        int shown = Math.min(series.size(), LEGEND_LINES * columns);
        int lines = (shown + columns - 1) / columns;
        int top = y + height - 6 - (lines - 1) * LEGEND_LINE;
        for (int i = 0; i < shown; i++) {
            int left = x + 10 + i % columns * (width / columns);
            int base = top + i / columns * LEGEND_LINE;
            boolean more = i == shown - 1 && shown < series.size();
            String text = more
                    ? "and " + (series.size() - shown + 1) + " more"
                    : series.get(i).name() + "  " + Quantity.text(series.get(i).last(), unit);
            add("<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"3\" fill=\"%s\"/>", left, base - 5, colour(i));
            add("<text x=\"%d\" y=\"%d\">%s</text>%n", left + 14, base, escaped(text));
        }
        return lines * LEGEND_LINE;
    }

    private static String colour(int number) {
        return COLOURS[number % COLOURS.length];
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }

    /** The complete SVG. */
    @Override
    public String toString() {
        return svg + "</svg>\n";
    }
}
