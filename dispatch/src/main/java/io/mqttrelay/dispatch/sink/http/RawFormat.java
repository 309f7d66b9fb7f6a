package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.record.RelayMessage;
import org.jspecify.annotations.Nullable;

/** The payload as it is. */
final class RawFormat implements SingleFormat {
    private static final int MAX_TYPE = 256;

    @Override
    public Content content(RelayMessage message) {
        String declared = declared(message.contentType());
        if (declared != null) {
            return new Content(declared, message.payload());
        }
        boolean json = JsonText.isJson(message.payload());
        return new Content(json ? Content.JSON : Content.BINARY, message.payload());
    }

    /** What MQTT said, unless no header can say it: a publisher may put any text there. */
    private static @Nullable String declared(@Nullable String contentType) {
        if (contentType == null || contentType.length() > MAX_TYPE) {
            return null;
        }
        String type = contentType.strip();
        boolean legal = !type.isEmpty() && type.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        return legal ? type : null;
    }
}
