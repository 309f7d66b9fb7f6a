package io.mqttrelay.common.text;

import java.util.Locale;

/**
 * Makes external text safe to print as part of one line. The result has no characters that break or forge a line,
 * move the cursor, are invisible, or change the reading direction.
 */
public final class Printable {
    private static final int CUT = 80;

    private Printable() {}

    /**
     * Whether a code point is visible as itself: assigned, and not a control, format or private-use character, a line
     * or paragraph separator, or half of a surrogate pair.
     */
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

    /** The text with each character that is not printable as {@code \}{@code uXXXX}. No information is lost. */
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

    /** As {@link #escape}, but a long text is cut. */
    public static String cut(String text) {
        if (text.codePointCount(0, text.length()) <= CUT) {
            return escape(text);
        }
        return escape(text.substring(0, text.offsetByCodePoints(0, CUT))) + "...";
    }

    /**
     * The text without surrounding white space and with {@code ?} for characters that are not printable, cut to
     * {@code max} characters.
     */
    public static String oneLine(String text, int max) {
        StringBuilder line = new StringBuilder();
        text.strip().codePoints().limit(max).map(c -> isPrintable(c) ? c : '?').forEach(line::appendCodePoint);
        return line.toString();
    }
}
