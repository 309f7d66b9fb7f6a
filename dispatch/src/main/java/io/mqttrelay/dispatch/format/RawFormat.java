package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import org.jspecify.annotations.Nullable;

/** The payload as the body, unchanged. */
final class RawFormat implements SingleFormat {
    private static final int MAX_TYPE = 256;

    @Override
    public Content content(RelayMessage message) {
        return content(declared(message), message);
    }

    /** @param type null: JSON or binary, by the payload's bytes */
    static Content content(@Nullable String type, RelayMessage message) {
        byte[] payload = message.payload();
        if (type != null) {
            return new Content(type, payload);
        }
        return new Content(JsonCheck.isJson(payload) ? Content.JSON : Content.BINARY, payload);
    }

    /** The content type from MQTT; null if it is no legal header value: a publisher may send any text. */
    static @Nullable String declared(RelayMessage message) {
        String contentType = message.contentType();
        if (contentType == null || contentType.length() > MAX_TYPE) {
            return null;
        }
        String type = contentType.strip();
        boolean legal = !type.isEmpty() && type.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        return legal ? type : null;
    }
}
