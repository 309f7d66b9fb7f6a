package io.mqttrelay.common.text;

import java.util.Locale;

/**
 * Somebody else's text as part of one line for people: nothing that breaks or forges a line, moves a cursor, hides, or
 * turns the reading direction around.
 */
public final class Printable {
    private static final int CUT = 80;

    private Printable() {}

    /** Whether a code point shows as what it is: not a control, format or separator character, assigned, not half a pair. */
    public static boolean isPrintable(int c) {
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

    /** The text with everything that is not printable as {@code \}{@code uXXXX}: nothing is lost. */
    public static String escape(String text) {
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
    public static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= CUT) {
            return escape(text);
        }
        return escape(text.substring(0, text.offsetByCodePoints(0, CUT))) + "...";
    }

    /** The text with {@code ?} for what is not printable, without white space around it, cut to {@code max} characters. */
    public static String oneLine(String text, int max) {
        StringBuilder line = new StringBuilder();
        text.strip().codePoints().limit(max).map(c -> isPrintable(c) ? c : '?').forEach(line::appendCodePoint);
        return line.toString();
    }
}
