package io.mqttrelay.ingest;

import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.ingest.mqtt.wire.CutPayload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The dead letter of a message that is too large for Kafka: its metadata, size, SHA-256 and the first bytes of its
 * payload. Only these first bytes are copied.
 */
final class TooLarge {
    /** Limit of MQTT 5 properties, which a publisher may add without a limit; they become headers of the record. */
    static final int MAX_PROPERTY_BYTES = 16 * 1024;

    private static final int[] HEADS = {64 * 1024, 4 * 1024, 0};

    private final RelayMessage message;
    private final CutPayload payload;
    private final String why;
    private final int step;

    private TooLarge(RelayMessage message, CutPayload payload, String why, int step) {
        this.message = message;
        this.payload = payload;
        this.why = why;
        this.step = step;
    }

    /**
     * The dead letter of a message whose MQTT 5 properties are too large for headers; null: they fit. {@code message}
     * has no payload.
     */
    static @Nullable TooLarge byProperties(RelayMessage message, ByteBuffer payload) {
        int bytes = propertyBytes(message);
        return bytes <= MAX_PROPERTY_BYTES
                ? null
                : new TooLarge(
                        message,
                        CutPayload.ofWhole(payload),
                        "its MQTT properties have " + bytes + " bytes, at most " + MAX_PROPERTY_BYTES + " are kept",
                        0);
    }

    /** The dead letter of a message that Kafka refused; {@code why} is one line. {@code message} has no payload. */
    static TooLarge byKafka(RelayMessage message, ByteBuffer payload, String why) {
        return new TooLarge(message, CutPayload.ofWhole(payload), why, 0);
    }

    /**
     * The dead letter of a message above {@code ingest.max_message}, which was cut before it arrived. {@code message}
     * has no payload.
     */
    static TooLarge cut(RelayMessage message, CutPayload payload) {
        return new TooLarge(message, payload, "it is larger than ingest.max_message", 0);
    }

    /** The dead letter with less of the payload; null: Kafka refused it even without payload. */
    @Nullable
    TooLarge smaller() {
        return step + 1 < HEADS.length ? new TooLarge(message, payload, why, step + 1) : null;
    }

    /** Bytes of the whole payload. */
    long size() {
        return payload.size();
    }

    /** Approximate memory of the record. */
    long bytes() {
        return HEADS[step] + MAX_PROPERTY_BYTES + 2L * message.topic().length();
    }

    ProducerRecord<byte[], byte[]> record(RecordCodec codec, String deadTopic, long now) {
        byte[] head = new byte[Math.min(payload.head().remaining(), HEADS[step])];
        payload.head().get(payload.head().position(), head);
        DeadLetter dead = new DeadLetter(DeadReason.TOO_LARGE, null, 0, null, why, now);
        return codec.encodeTooLarge(withinBounds(message), head, payload.size(), payload.hash(), dead, deadTopic);
    }

    @SuppressWarnings("NullAway") // NullAway does not see in a class file that the array may be null
    private static RelayMessage withinBounds(RelayMessage m) {
        int left = MAX_PROPERTY_BYTES;
        String contentType = fits(PropertyBytes.utf8(m.contentType()), left) ? m.contentType() : null;
        left -= PropertyBytes.utf8(contentType);
        String responseTopic = fits(PropertyBytes.utf8(m.responseTopic()), left) ? m.responseTopic() : null;
        left -= PropertyBytes.utf8(responseTopic);
        byte[] correlation = m.correlationData();
        if (correlation != null && !fits(correlation.length, left)) {
            correlation = null;
        }
        left -= correlation == null ? 0 : correlation.length;
        return new RelayMessage(
                m.id(),
                m.appId(),
                m.clientId(),
                m.receivedAt(),
                m.topic(),
                m.qos(),
                m.retain(),
                contentType,
                m.expiresAt(),
                responseTopic,
                correlation,
                firstProperties(m.userProperties(), left),
                m.payload());
    }

    private static boolean fits(int bytes, int left) {
        return bytes <= left;
    }

    private static List<UserProperty> firstProperties(List<UserProperty> all, int bytes) {
        List<UserProperty> kept = new ArrayList<>();
        int left = bytes;
        for (UserProperty property : all) {
            left -= bytes(property);
            if (left < 0) {
                break;
            }
            kept.add(property);
        }
        return kept;
    }

    private static int propertyBytes(RelayMessage m) {
        byte[] correlation = m.correlationData();
        int bytes = PropertyBytes.utf8(m.contentType())
                + PropertyBytes.utf8(m.responseTopic())
                + (correlation == null ? 0 : correlation.length);
        for (UserProperty property : m.userProperties()) {
            bytes += bytes(property);
        }
        return bytes;
    }

    private static int bytes(UserProperty property) {
        return PropertyBytes.utf8(property.name()) + PropertyBytes.utf8(property.value()) + 1;
    }
}
