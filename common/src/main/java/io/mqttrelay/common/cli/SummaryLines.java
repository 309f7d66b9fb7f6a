package io.mqttrelay.common.cli;

import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text of a summary: headings, and lines of a name and a value below them. */
final class SummaryLines {
    /** In place of a secret. */
    static final String HIDDEN = "***";

    private final StringBuilder text = new StringBuilder();

    /** Begins a part. */
    void heading(String heading) {
        text.append(text.isEmpty() ? "" : "\n")
                .append(Printable.escape(heading))
                .append('\n');
    }

    /** Adds a line to the part. */
    void line(String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-15s%s\n", name, Printable.escape(value)));
    }

    /** A duration as the file has it. */
    static String time(Duration duration) {
        return DurationType.text(duration);
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String join(Iterable<?> values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(String.valueOf(value)));
        return String.join(", ", texts);
    }

    /** The text: several lines, each ended by a line feed. */
    @Override
    public String toString() {
        return text.toString();
    }
}
