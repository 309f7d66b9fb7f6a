package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.record.UserProperty;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PUBLISH packet as the broker sent it; what MQTT 3.1.1 does not have is absent.
 *
 * @param qos 0, 1 or 2
 * @param retain the broker had kept it from before the subscription
 * @param expirySeconds what is left of its life; null: it lives for ever
 * @param payload not copied: the client keeps it until the message is acknowledged, and a copy for all that time would
 *     need the same again. Read-only
 */
@SuppressWarnings("ArrayRecordComponent") // travels by reference from one owner to the next; nobody compares messages
public record Publish(
        String topic,
        int qos,
        boolean retain,
        @Nullable String contentType,
        @Nullable Long expirySeconds,
        @Nullable String responseTopic,
        byte @Nullable [] correlationData,
        List<UserProperty> userProperties,
        ByteBuffer payload) {
    static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Bytes. */
    public int size() {
        return payload.remaining();
    }

    /** A copy of the payload. */
    public byte[] payloadBytes() {
        return bytes(payload);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
