package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.text.Printable;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Dead letters as {@code relay dead-letters} prints them. */
final class DeadLetterList {
    private static final List<String> HEADINGS =
            List.of("DEAD SINCE", "APP", "TOPIC", "ADDRESS", "REASON", "STATUS", "ATTEMPTS", "ID", "ERROR");
    private static final int LONGEST_CELL = 60;
    private static final int SHORTEST_ERROR = 10;
    private static final String NOTHING = "-";
    private static final String GAP = "  ";

    /** The order in which they became dead letters. */
    static final Comparator<Line> BY_AGE = Comparator.comparingLong(
                    (Line line) -> line.entry().deadAt())
            .thenComparing(line -> line.entry().id());

    private DeadLetterList() {}

    /** @param app the app in whose topic it lies, whatever it says itself */
    record Line(String app, DeadLetterEntry entry) {}

    /** Prints a table, and a summary; {@code columns} of the terminal, 0: it is none, and errors are not cut. */
    static void print(List<Line> lines, PrintWriter out, int columns) {
        if (!lines.isEmpty()) {
            printTable(lines, out, columns);
            out.println();
        }
        out.println(summary(lines));
    }

    private static void printTable(List<Line> lines, PrintWriter out, int columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        lines.forEach(line -> rows.add(cells(line)));
        int[] widths = new int[HEADINGS.size() - 1];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            out.println(row(row, widths, columns));
        }
    }

    private static List<String> cells(Line line) {
        DeadLetterEntry entry = line.entry();
        String address = entry.address();
        return List.of(
                time(entry.deadAt()),
                cell(line.app()),
                cell(entry.topic()),
                cell(address == null ? null : AddressFilter.shown(address)),
                reason(entry.reason()),
                entry.status() == null ? NOTHING : entry.status().toString(),
                Integer.toString(entry.attempts()),
                cell(entry.id()),
                Printable.oneLine(entry.error(), Integer.MAX_VALUE));
    }

    private static String cell(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NOTHING;
        }
        String shown = Printable.escape(text);
        return length(shown) <= LONGEST_CELL ? shown : cut(shown, LONGEST_CELL);
    }

    /** The error comes last: it takes what is left of the terminal's line. */
    private static String row(List<String> cells, int[] widths, int columns) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            row.append(cell).append(" ".repeat(widths[i] - length(cell))).append(GAP);
        }
        String error = cells.get(widths.length);
        int left = columns - length(row.toString());
        if (columns > 0 && length(error) > left) {
            error = cut(error, Math.max(left, SHORTEST_ERROR));
        }
        return row.append(error).toString().stripTrailing();
    }

    private static String cut(String text, int length) {
        return text.substring(0, text.offsetByCodePoints(0, Math.min(length - 1, length(text)))) + "\u2026";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String summary(List<Line> lines) {
        if (lines.isEmpty()) {
            return "no dead letters";
        }
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        for (Line line : lines) {
            counts.computeIfAbsent(line.app(), app -> new TreeMap<>())
                    .merge(reason(line.entry().reason()), 1, Integer::sum);
        }
        List<String> apps = new ArrayList<>();
        counts.forEach((app, reasons) -> apps.add(Printable.escape(app) + ": " + counted(reasons)));
        return lines.size() + (lines.size() == 1 ? " dead letter; " : " dead letters; ") + String.join("; ", apps);
    }

    /** As in {@code rejected 3, expired 1}. */
    static String counted(Map<String, Integer> counts) {
        List<String> texts = new ArrayList<>();
        counts.forEach((name, count) -> texts.add(name + " " + count));
        return String.join(", ", texts);
    }

    /** One object, in one line. */
    static String json(Line line) {
        DeadLetterEntry entry = line.entry();
        String address = entry.address();
        Long receivedAt = entry.receivedAt();
        return JsonLines.object(json -> {
            json.writeStringField("id", entry.id());
            json.writeStringField("app_id", line.app());
            json.writeStringField("client_id", entry.clientId());
            json.writeStringField("topic", entry.topic());
            json.writeStringField("address", address == null ? null : AddressFilter.shown(address));
            json.writeStringField("reason", entry.reason() == null ? null : reason(entry.reason()));
            Integer status = entry.status();
            if (status == null) {
                json.writeNullField("status");
            } else {
                json.writeNumberField("status", status);
            }
            json.writeNumberField("attempts", entry.attempts());
            json.writeStringField("error", entry.error());
            json.writeStringField(
                    "dead_at", Instant.ofEpochMilli(entry.deadAt()).toString());
            json.writeStringField(
                    "received_at",
                    receivedAt == null ? null : Instant.ofEpochMilli(receivedAt).toString());
            json.writeStringField("origin", entry.origin());
            json.writeNumberField("payload_size", entry.payloadSize());
        });
    }

    /** To the second, in a form that {@code --from} takes. */
    private static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String reason(@Nullable DeadReason reason) {
        return reason == null ? "unknown" : reason.text();
    }
}
