package io.mqttrelay.dispatch.sink.http;

/** Somebody else's text as part of an error: one line, nothing that moves a cursor or turns text around. */
final class OneLine {
    private OneLine() {}

    /** The text with {@code ?} for what cannot be printed, without white space around it, cut to {@code max} characters. */
    static String of(String text, int max) {
        StringBuilder line = new StringBuilder();
        String stripped = text.strip();
        stripped.codePoints().limit(max).map(c -> isPrintable(c) ? c : '?').forEach(line::appendCodePoint);
        return line.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
