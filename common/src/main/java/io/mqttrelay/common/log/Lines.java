package io.mqttrelay.common.log;

import org.apache.logging.log4j.util.StringBuilders;

/** Makes external text safe for one line of a log that is read on a terminal. */
final class Lines {
    private Lines() {}

    /**
     * Appends {@code text} with escapes for all characters that could break the line, move the cursor or change the
     * reading direction: control characters, line and paragraph separators, bidirectional marks, lone surrogates.
     */
    static void escape(StringBuilder line, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                line.append(c);
            } else if (c == '\n') {
                line.append("\\n");
            } else if (c == '\r') {
                line.append("\\r");
            } else if (c == '\t') {
                line.append("\\t");
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i = escapePair(line, text, i);
            } else if (isUnsafe(c)) {
                escapeUnit(line, c);
            } else {
                line.append(c);
            }
        }
    }

    /** Appends {@code text} as a quoted JSON string, with the characters of {@link #escape} as JSON escapes. */
    static void json(StringBuilder line, CharSequence text) {
        line.append('"');
        int start = line.length();
        line.append(text);
        StringBuilders.escapeJson(line, start);
        for (int i = start; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= 0x7F && isUnsafe(c) && !Character.isSurrogate(c)) {
                line.replace(i, i + 1, "\\u%04x".formatted((int) c));
            }
        }
        line.append('"');
    }

    private static int escapePair(StringBuilder line, CharSequence text, int i) {
        int codePoint = Character.toCodePoint(text.charAt(i), text.charAt(i + 1));
        if (Character.getType(codePoint) == Character.FORMAT) {
            escapeUnit(line, text.charAt(i));
            escapeUnit(line, text.charAt(i + 1));
        } else {
            line.appendCodePoint(codePoint);
        }
        return i + 1;
    }

    private static boolean isUnsafe(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static void escapeUnit(StringBuilder line, char c) {
        line.append("\\u%04x".formatted((int) c));
    }
}
