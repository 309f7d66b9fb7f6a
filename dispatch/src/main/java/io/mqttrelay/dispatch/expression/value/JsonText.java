package io.mqttrelay.dispatch.expression.value;

import java.util.List;
import java.util.Map;

/** Writes a value as JSON, numbers as they were written. The text is bounded, so a value that refers to itself often ends. */
public final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;

    private JsonText(boolean pretty) {
        this.pretty = pretty;
    }

    /** The value as JSON on one line; functions are empty strings. An error if it is larger than 1 MB. */
    public static String of(Object value) {
        return of(value, false);
    }

    /** The value as JSON, with line breaks if {@code pretty}. An error if it is larger than 1 MB. */
    public static String of(Object value, boolean pretty) {
        JsonText text = new JsonText(pretty);
        text.write(value, 1);
        return text.out.toString();
    }

    private void write(Object value, int depth) {
        if (out.length() > Evaluator.MAX_RESULT || depth > 2000) {
            throw EvaluationError.of("the result is larger than 1 MB");
        }
        if (value instanceof String text) {
            string(text);
        } else if (value instanceof JsonNumber number) {
            out.append(number.text());
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof List<?> list) {
            list(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            object(map, depth);
        } else if (value == JsonNull.NULL) {
            out.append("null");
        } else {
            out.append("\"\""); // a function
        }
    }

    private void list(List<?> list, int depth) {
        out.append('[');
        String separator = "";
        for (Object each : list) {
            out.append(separator);
            line(depth);
            write(each, depth + 1);
            separator = ",";
        }
        end(list.isEmpty(), depth, ']');
    }

    private void object(Map<?, ?> map, int depth) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            line(depth);
            string((String) entry.getKey());
            out.append(pretty ? ": " : ":");
            write(entry.getValue(), depth + 1);
            separator = ",";
        }
        end(map.isEmpty(), depth, '}');
    }

    private void end(boolean empty, int depth, char bracket) {
        if (!empty) {
            line(depth - 1);
        }
        out.append(bracket);
    }

    private void line(int depth) {
        if (pretty) {
            out.append('\n').append("  ".repeat(Math.min(depth, Evaluator.MAX_DEPTH)));
        }
    }

    private void string(String text) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !isLoneSurrogate(text, i)) {
                continue;
            }
            out.append(text, plain, i);
            escape(c);
            plain = i + 1;
        }
        out.append(text, plain, text.length()).append('"');
    }

    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default ->
                out.append("\\u")
                        .append(HEX.charAt(c >> 12))
                        .append(HEX.charAt(c >> 8 & 0xF))
                        .append(HEX.charAt(c >> 4 & 0xF))
                        .append(HEX.charAt(c & 0xF));
        }
    }
}
