package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text for a terminal, line by line. No text of a message can move the cursor or look like a line of the relay. */
final class TerminalText {
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

    /** Adds a request's body: as text if it is printable text, else in Base64. */
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
            boolean shown =
                    text.codePoints().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || Printable.isPrintable(c));
            return shown ? text : "";
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
