package io.mqttrelay.ingest;

import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a message that Kafka cannot hold: its metadata, size, SHA-256 and the beginning of its payload, as a
 * dead letter.
 */
final class TooLarge {
    /** MQTT 5 lets a publisher add properties without end; a record's headers should stay headers. */
    static final int MAX_PROPERTY_BYTES = 16 * 1024;

    private static final int[] HEADS = {64 * 1024, 4 * 1024, 0};

    private final RelayMessage message;
    private final String why;
    private final int step;

    private TooLarge(RelayMessage message, String why, int step) {
        this.message = message;
        this.why = why;
        this.step = step;
    }

    /** Null unless the message's MQTT 5 properties are too large for headers. */
    static @Nullable TooLarge byProperties(RelayMessage message) {
        if (message.userProperties().isEmpty()
                && message.correlationData() == null
                && message.contentType() == null
                && message.responseTopic() == null) {
            return null;
        }
        int bytes = propertyBytes(message);
        return bytes <= MAX_PROPERTY_BYTES
                ? null
                : new TooLarge(
                        message,
                        "its MQTT properties have " + bytes + " bytes, at most " + MAX_PROPERTY_BYTES + " are kept",
                        0);
    }

    /** Kafka refused it; {@code why} is one line. */
    static TooLarge byKafka(RelayMessage message, String why) {
        return new TooLarge(message, why, 0);
    }

    /** With less of the payload; null: even without any of it Kafka did not take it. */
    @Nullable
    TooLarge smaller() {
        return step + 1 < HEADS.length ? new TooLarge(message, why, step + 1) : null;
    }

    ProducerRecord<byte[], byte[]> record(RecordCodec codec, String deadTopic, long now) {
        byte[] payload = message.payload();
        byte[] head = Arrays.copyOf(payload, Math.min(payload.length, HEADS[step]));
        DeadLetter dead = new DeadLetter(DeadReason.TOO_LARGE, null, 0, null, why, now);
        return codec.encodeTooLarge(withinBounds(message), head, payload.length, sha256(payload), dead, deadTopic);
    }

    @SuppressWarnings("NullAway") // does not see in a class file that the array may be null
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

    private static String sha256(byte[] payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
