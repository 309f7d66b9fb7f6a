package io.mqttrelay.dispatch.explain;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** Text for a terminal, line by line; nothing of a message can move the cursor or look like a line of ours. */
final class Lines {
    private static final String INDENT = "    ";
    private static final int FIELD_WIDTH = 12;

    private final StringBuilder text = new StringBuilder();

    void add(String line) {
        text.append(line).append('\n');
    }

    void blank() {
        text.append('\n');
    }

    void field(String name, String value) {
        add("  " + name + " ".repeat(Math.max(1, FIELD_WIDTH - name.length())) + value);
    }

    /** A request's body: as text if it is printable text, else in Base64. */
    void body(byte[] bytes) {
        if (bytes.length == 0) {
            add(INDENT + "(empty body)");
            return;
        }
        String body = decoded(bytes);
        if (body.isEmpty()) {
            add(INDENT + "(not text; in Base64:)");
            add(INDENT + Base64.getEncoder().encodeToString(bytes));
        } else {
            body.lines().forEach(line -> add(INDENT + line));
        }
    }

    /** Empty: not text that a terminal can show. */
    private static String decoded(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean shown = text.codePoints().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || isPrintable(c));
            return shown ? text : "";
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    /** Everything that could break or forge a line as {@code \}{@code uXXXX}. */
    static String printable(String value) {
        StringBuilder line = new StringBuilder(value.length());
        value.codePoints().forEach(c -> {
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

    @Override
    public String toString() {
        return text.toString();
    }
}
