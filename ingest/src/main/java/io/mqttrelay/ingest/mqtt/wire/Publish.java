package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.common.record.UserProperty;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PUBLISH packet as the broker sent it; fields that MQTT 3.1.1 does not have are absent.
 *
 * @param qos 0, 1 or 2
 * @param retain the broker had retained it before the subscription
 * @param expirySeconds remaining time to live; null: no expiry
 * @param payload not copied: the client keeps it until the message is acknowledged, and a copy would need the
 *     same memory again. Read-only
 * @param unreadable the rule of MQTT that the packet broke, on one line; topic and properties then have only the
 *     readable parts. Null: none
 */
@SuppressWarnings("ArrayRecordComponent") // passed by reference from one owner to the next; messages are never compared
public record Publish(
        String topic,
        int qos,
        boolean retain,
        @Nullable String contentType,
        @Nullable Long expirySeconds,
        @Nullable String responseTopic,
        byte @Nullable [] correlationData,
        List<UserProperty> userProperties,
        ByteBuffer payload,
        @Nullable String unreadable) {
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
