package io.mqttrelay.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws a flame graph as SVG: the width of a frame is its number of samples, callers are below, siblings are sorted
 * by name. The input is collapsed stacks, as of async-profiler: {@code caller;callee;leaf 12}.
 */
public final class FlameGraph {
    private static final int WIDTH = 1400;
    private static final int ROW = 15;
    private static final int HEAD = 44;
    private static final double LEAST_WIDTH = 2.5;
    private static final double LETTER = 6.2;
    private static final String STYLE = "<style>text{font:11px monospace;fill:#1f2328}.h{font:bold 14px sans-serif}"
            + ".n{font:12px sans-serif}rect{stroke:#fff;stroke-width:.5}.ours{fill:#54aeff}.http{fill:#6fdd8b}"
            + ".kafka{fill:#ffb77c}.jdk{fill:#d0d7de}.other{fill:#ff938a}</style>";
    private static final String LEGEND =
            "blue: the relay; green: OkHttp; orange: Kafka's client; grey: the JDK and other"
                    + " libraries; red: the kernel, garbage collection, compilation";

    private final Map<String, Frame> roots = new TreeMap<>();
    private long samples;
    private int deepest;

    private static final class Frame {
        private final Map<String, Frame> callees = new TreeMap<>();
        private long samples;
    }

    private FlameGraph() {}

    /**
     * Draws the stacks.
     *
     * @param stacks lines of collapsed stacks; threads whose names differ only in numbers are merged
     * @throws IllegalArgumentException naming the malformed line
     */
    public static String of(String title, List<String> stacks) {
        FlameGraph graph = new FlameGraph();
        stacks.stream().filter(line -> !line.isBlank()).forEach(graph::add);
        return graph.draw(title);
    }

    private void add(String line) {
        int end = line.lastIndexOf(' ');
        if (end < 0 || !line.substring(end + 1).matches("\\d{1,18}")) {
            throw new IllegalArgumentException("no stack with a count of samples: " + line);
        }
        long count = Long.parseLong(line.substring(end + 1));
        samples += count;
        Map<String, Frame> level = roots;
        for (String name : Arrays.asList(line.substring(0, end).split(";", -1))) {
            Frame frame = level.computeIfAbsent(shortened(name), unused -> new Frame());
            frame.samples += count;
            level = frame.callees;
        }
    }

    /** The name of a thread without its number. */
    private static String shortened(String frame) {
        return frame.startsWith("[") ? frame.replaceAll("[-# ]?\\d* tid=\\d+\\]", "]") : frame;
    }

    private String draw(String title) {
        StringBuilder frames = new StringBuilder();
        row(frames, roots, 0, 0);
        int height = HEAD + ROW * (deepest + 1) + 8;
        return format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 %d %1$d %2$d\">%n%s%n",
                        WIDTH, height, HEAD - height, STYLE)
                + format("<rect y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", HEAD - height, WIDTH, height)
                + format("<text class=\"h\" x=\"8\" y=\"%d\">%s</text>%n", HEAD - height + 18, escaped(title))
                + format("<text class=\"n\" x=\"8\" y=\"%d\">%s</text>%n", HEAD - height + 36, LEGEND)
                + frames
                + "</svg>\n";
    }

    /** Draws a row and all rows above it. The lowest row ends at y 44. */
    private void row(StringBuilder svg, Map<String, Frame> level, double left, int depth) {
        double x = left;
        for (Map.Entry<String, Frame> each : level.entrySet()) {
            double width = (double) each.getValue().samples * WIDTH / samples;
            if (width >= LEAST_WIDTH) {
                deepest = Math.max(deepest, depth);
                frame(svg, each.getKey(), each.getValue().samples, x, HEAD - ROW * (depth + 1), width);
                row(svg, each.getValue().callees, x, depth + 1);
            }
            x += width;
        }
    }

    private void frame(StringBuilder svg, String name, long count, double x, int y, double width) {
        svg.append(format(
                "<g><title>%s %.1f %%</title><rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                escaped(name), 100.0 * count / samples, kind(name), x, y, width, ROW));
        int letters = (int) ((width - 4) / LETTER);
        if (letters > 3) {
            String method = name.substring(name.lastIndexOf('/') + 1);
            String shown = method.length() <= letters ? method : method.substring(0, letters - 1) + "…";
            svg.append(format("<text x=\"%.1f\" y=\"%d\">%s</text>", x + 2, y + ROW - 4, escaped(shown)));
        }
        svg.append("</g>\n");
    }

    private static String kind(String frame) {
        if (frame.startsWith("io/mqttrelay/")) {
            return "ours";
        } else if (frame.startsWith("okhttp3/") || frame.startsWith("okio/")) {
            return "http";
        } else if (frame.startsWith("org/apache/kafka/")) {
            return "kafka";
        }
        return frame.contains("/") || frame.startsWith("[") ? "jdk" : "other";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
    }
}
