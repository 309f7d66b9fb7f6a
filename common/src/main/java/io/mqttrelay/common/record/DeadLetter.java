package io.mqttrelay.common.record;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a dead letter has in addition to its message.
 *
 * @param address the callback that did not get the message; null: no address is known ({@code no_route},
 *     {@code undecodable}, {@code too_large})
 * @param attempts made before, 0 or more
 * @param status the last answer's HTTP status; null: there was none
 * @param error one line, without secrets; cut to 1 KB when it is written
 * @param deadAt epoch milliseconds
 */
public record DeadLetter(
        DeadReason reason,
        @Nullable String address,
        int attempts,
        @Nullable Integer status,
        String error,
        long deadAt) {
    private static final int MAX_ERROR_BYTES = 1024;

    /** The error as written to Kafka: one line of at most 1 KB in UTF-8. */
    String errorLine() {
        StringBuilder line = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < error.length(); ) {
            int c = error.codePointAt(i);
            i += Character.charCount(c);
            int shown = breaksLine(c) ? ' ' : c;
            bytes += Character.toString(shown).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_ERROR_BYTES) {
                break;
            }
            line.appendCodePoint(shown);
        }
        return line.toString();
    }

    private static boolean breaksLine(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }
}
