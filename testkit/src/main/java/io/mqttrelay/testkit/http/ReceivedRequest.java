package io.mqttrelay.testkit.http;

import io.mqttrelay.testkit.guarantee.TestMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as the server received it, recorded before the answer.
 *
 * @param number from 1, in the order in which requests were complete
 * @param connection from 1, the number of its connection
 * @param headers names in lower case, values in the order received
 * @param body as received; chunks are joined
 * @param epoch number of crashes declared before it
 * @param atNanos {@link System#nanoTime} when it was complete
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record ReceivedRequest(
        int number,
        int connection,
        String method,
        String target,
        Map<String, List<String>> headers,
        byte[] body,
        int epoch,
        long atNanos) {
    /** The first value of a header; null: the header is missing. */
    public @Nullable String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? null : values.get(0);
    }

    /** The target without its query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The SHA-256 of the body, lower-case hex. */
    public String sha256() {
        return TestMessage.sha256(body);
    }

    /** The header {@code webhook-id}; null: missing. */
    public @Nullable String id() {
        return header("webhook-id");
    }

    /** The MQTT topic, percent-decoded; empty: the header is missing. */
    public String topic() {
        String encoded = header("relay-topic");
        return encoded == null ? "" : percentDecoded(encoded);
    }

    private static String percentDecoded(String text) {
        List<Byte> bytes = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '%' && i + 2 < text.length();
            bytes.add((byte) (escape ? Integer.parseInt(text.substring(i + 1, i + 3), 16) : text.charAt(i)));
            i += escape ? 2 : 0;
        }
        byte[] raw = new byte[bytes.size()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = bytes.get(i);
        }
        return new String(raw, StandardCharsets.UTF_8);
    }
}
