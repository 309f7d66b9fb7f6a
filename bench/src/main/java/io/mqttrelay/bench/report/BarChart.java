package io.mqttrelay.bench.report;

import io.mqttrelay.bench.measure.Spread;
import java.util.List;
import java.util.Locale;

/** Draws standings as bars in SVG: medians, with a line from the minimum to the maximum; the relay in colour. */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 170;
    private static final int NUMBERS = 90;
    private static final int ROW = 26;
    private static final int BAR = 16;
    private static final int HEAD = 34;
    private static final String STYLE = "<style>text{font:13px sans-serif;fill:#24292f}.h{font-weight:bold}"
            + ".n{font-size:12px}.r{fill:#0969da}.o{fill:#afb8c1}line{stroke:#24292f}</style>";

    private BarChart() {}

    /** Draws one panel for each figure, one below the other. */
    static String of(List<Standing> standings) {
        List<Column> shown = Column.charted(standings);
        int panel = HEAD + ROW * standings.size();
        int height = panel * shown.size() + 10;
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\">%n%s%n",
                WIDTH, height, STYLE));
        svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, height));
        for (int i = 0; i < shown.size(); i++) {
            panel(svg, standings, shown.get(i), i * panel);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, List<Standing> standings, Column column, int top) {
        svg.append(format("<text class=\"h\" x=\"8\" y=\"%d\">%s</text>%n", top + 22, column.heading()));
        double most = standings.stream()
                .mapToDouble(each -> each.spread(column.figure()).most())
                .max()
                .orElse(0);
        double scale = most == 0 ? 0 : (WIDTH - LABELS - NUMBERS) / most;
        for (int i = 0; i < standings.size(); i++) {
            row(svg, standings.get(i), column, scale, top + HEAD + i * ROW);
        }
    }

    private static void row(StringBuilder svg, Standing standing, Column column, double scale, int y) {
        Spread spread = standing.spread(column.figure());
        double end = LABELS + spread.median() * scale;
        double least = LABELS + spread.least() * scale;
        double most = LABELS + spread.most() * scale;
        int middle = y + BAR / 2;
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LABELS - 8, middle + 5, standing.contender()));
        svg.append(format(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                standing.isRelay() ? "r" : "o", LABELS, y, end - LABELS, BAR));
        svg.append(format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%2$d\"/>%n", least, middle, most));
        svg.append(format(
                "<text class=\"n\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                Math.max(end, most) + 6, middle + 4, column.text(spread.median())));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
    }
}
