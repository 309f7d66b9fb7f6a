package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 over HTTP in binary mode: the payload unchanged, its attributes in {@code ce-} headers, beside the
 * headers that every request has.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 *     Protocol Binding, section 3.1</a>
 */
final class CloudEventsFormat implements SingleFormat {
    static final String SPEC_VERSION = "1.0";
    static final String TYPE = "mqtt.message";

    private static final String STRUCTURED = "application/cloudevents";
    private static final String UNRESERVED = "-._~";

    @Override
    public Content content(RelayMessage message) {
        return RawFormat.content(dataContentType(RawFormat.declared(message)), message);
    }

    /** Null: no media type, or one that would declare the payload itself to be the event. */
    static @Nullable String dataContentType(@Nullable String type) {
        return type == null
                        || !MediaType.isMediaType(type)
                        || type.toLowerCase(Locale.ROOT).startsWith(STRUCTURED)
                ? null
                : type;
    }

    @Override
    public void headers(List<RelayMessage> messages, MessageHeaders headers) {
        SingleFormat.super.headers(messages, headers);
        RelayMessage message = messages.get(0);
        headers.plain("ce-specversion", SPEC_VERSION)
                .plain("ce-type", TYPE)
                .attribute("ce-source", source(message.clientId()))
                .attribute("ce-id", message.id())
                .plain("ce-time", UtcTime.text(Instant.ofEpochMilli(message.receivedAt())))
                .attribute("ce-subject", message.topic());
    }

    /** A URI (RFC 3986) whose authority is the client id: all except unreserved characters is percent-encoded. */
    static String source(String clientId) {
        StringBuilder uri = new StringBuilder("mqtt://");
        for (byte b : clientId.getBytes(StandardCharsets.UTF_8)) {
            boolean stays = (b >= 0 && Character.isLetterOrDigit(b)) || UNRESERVED.indexOf(b) >= 0;
            uri.append(stays ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b));
        }
        return uri.toString();
    }
}
