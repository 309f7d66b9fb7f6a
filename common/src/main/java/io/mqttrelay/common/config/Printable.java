package io.mqttrelay.common.config;

import java.util.Locale;

/** Text of the user's made fit for one line of a message: no control characters, nothing invisible, not too long. */
final class Printable {
    private static final int MAX_LENGTH = 80;

    private Printable() {}

    /** Everything that could break or forge a line as {@code \}{@code uXXXX}. */
    static String escape(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                line.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    line.append(String.format(Locale.ROOT, "\\u%04X", (int) unit));
                }
            }
        });
        return line.toString();
    }

    /** The same, and of a long text only the beginning. */
    static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= MAX_LENGTH) {
            return escape(text);
        }
        return escape(text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH))) + "...";
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
