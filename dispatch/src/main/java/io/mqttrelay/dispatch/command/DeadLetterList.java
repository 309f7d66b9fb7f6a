package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.deadletter.AddressFilter;
import io.mqttrelay.dispatch.deadletter.DeadLetterListing.Line;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prints dead letters for {@code relay dead-letters}. */
final class DeadLetterList {
    private static final List<String> HEADINGS =
            List.of("DEAD SINCE", "APP", "TOPIC", "ADDRESS", "REASON", "STATUS", "ATTEMPTS", "ID", "ERROR");
    private static final int LONGEST_CELL = 60;
    private static final int SHORTEST_ERROR = 10;
    private static final String NOTHING = "-";
    private static final String GAP = "  ";

    private DeadLetterList() {}

    /**
     * Prints a table, and a summary; {@code columns} of the terminal, 0: it is none, and errors are not cut.
     *
     * @param lines are iterated twice and never held in memory: there may be a million
     */
    static void print(Iterable<Line> lines, PrintWriter out, int columns) {
        int[] widths = new int[HEADINGS.size() - 1];
        widen(widths, HEADINGS);
        Counts counts = new Counts();
        for (Line line : lines) {
            widen(widths, cells(line));
            counts.add(line);
        }
        if (counts.all > 0) {
            out.println(row(HEADINGS, widths, columns));
            lines.forEach(line -> out.println(row(cells(line), widths, columns)));
            out.println();
        }
        out.println(counts.summary());
    }

    private static void widen(int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], length(row.get(i)));
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
                line.reason(),
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

    /** The error comes last: it takes the rest of the terminal's line. */
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

    /** The number of entries of each app and reason. */
    private static final class Counts {
        private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
        private int all;

        void add(Line line) {
            all++;
            counts.computeIfAbsent(line.app(), app -> new TreeMap<>()).merge(line.reason(), 1, Integer::sum);
        }

        String summary() {
            if (all == 0) {
                return "no dead letters";
            }
            List<String> apps = new ArrayList<>();
            counts.forEach((app, reasons) -> apps.add(Printable.escape(app) + ": " + counted(reasons)));
            return all + (all == 1 ? " dead letter; " : " dead letters; ") + String.join("; ", apps);
        }
    }

    /** Returns text such as {@code rejected 3, expired 1}. */
    static String counted(Map<String, Integer> counts) {
        List<String> texts = new ArrayList<>();
        counts.forEach((name, count) -> texts.add(name + " " + count));
        return String.join(", ", texts);
    }

    /** Returns one JSON object, in one line. */
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
            json.writeStringField("reason", entry.reason() == null ? null : line.reason());
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

    /** Returns the time to the second, in a form that {@code --from} takes. */
    private static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
