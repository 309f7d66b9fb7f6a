package io.mqttrelay.common.record;

import static io.mqttrelay.common.record.HeaderNames.APP_ID;
import static io.mqttrelay.common.record.HeaderNames.CLIENT_ID;
import static io.mqttrelay.common.record.HeaderNames.CONTENT_TYPE;
import static io.mqttrelay.common.record.HeaderNames.CORRELATION_DATA;
import static io.mqttrelay.common.record.HeaderNames.EXPIRES_AT;
import static io.mqttrelay.common.record.HeaderNames.ID;
import static io.mqttrelay.common.record.HeaderNames.QOS;
import static io.mqttrelay.common.record.HeaderNames.RECEIVED_AT;
import static io.mqttrelay.common.record.HeaderNames.RESPONSE_TOPIC;
import static io.mqttrelay.common.record.HeaderNames.RETAIN;
import static io.mqttrelay.common.record.HeaderNames.TOPIC;
import static io.mqttrelay.common.record.HeaderNames.USER_PROPERTY;

import io.mqttrelay.common.config.value.Ordering;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The contract between ingest and dispatch: the format of a message in its app's topic, in the dead topic and in the
 * replay topic.
 *
 * <p>The value is the MQTT payload, byte for byte. The producer sets the timestamp. Retention deletes records by it,
 * so it must never be a device's time or an earlier record's.
 */
public final class RecordCodec {
    /** The record that stores a message in its app's topic. */
    public ProducerRecord<byte[], byte[]> encode(RelayMessage message, Ordering ordering, String kafkaTopic) {
        return new ProducerRecord<>(kafkaTopic, null, key(message, ordering), message.payload(), headers(message));
    }

    /** The record's key as text: the app_id, followed by the MQTT topic unless the whole app is one sequence. */
    public static String keyText(String appId, String mqttTopic, Ordering ordering) {
        return ordering == Ordering.APP ? appId : appId + "/" + mqttTopic;
    }

    private static byte[] key(RelayMessage message, Ordering ordering) {
        return utf8(keyText(message.appId(), message.topic(), ordering));
    }

    private static RecordHeaders headers(RelayMessage message) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(ID, utf8(message.id()));
        headers.add(APP_ID, utf8(message.appId()));
        headers.add(CLIENT_ID, utf8(message.clientId()));
        headers.add(RECEIVED_AT, utf8(Long.toString(message.receivedAt())));
        headers.add(TOPIC, utf8(message.topic()));
        headers.add(QOS, utf8(Integer.toString(message.qos())));
        headers.add(RETAIN, utf8(Boolean.toString(message.retain())));
        addIfPresent(headers, CONTENT_TYPE, message.contentType());
        Long expiresAt = message.expiresAt();
        addIfPresent(headers, EXPIRES_AT, expiresAt == null ? null : expiresAt.toString());
        addIfPresent(headers, RESPONSE_TOPIC, message.responseTopic());
        byte[] correlationData = message.correlationData();
        if (correlationData != null) {
            headers.add(CORRELATION_DATA, correlationData);
        }
        for (UserProperty property : message.userProperties()) {
            headers.add(USER_PROPERTY, utf8(property.toText()));
        }
        return headers;
    }

    private static void addIfPresent(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, utf8(value));
        }
    }

    /** Decodes a record of a messages topic or a replay topic; never throws, at any content. */
    public Decoded decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            HeaderReader headers = new HeaderReader(record.headers());
            Replay replay = replay(headers);
            return new Decoded.Message(message(record, headers, replay != null), replay);
        } catch (UndecodableException e) {
            return new Decoded.Undecodable(e.problem());
        }
    }

    private static @Nullable Replay replay(HeaderReader headers) throws UndecodableException {
        String run = headers.optional(HeaderNames.REPLAY);
        return run == null ? null : new Replay(headers.required(HeaderNames.ADDRESS), run);
    }

    private static RelayMessage message(ConsumerRecord<byte[], byte[]> record, HeaderReader headers, boolean replayed)
            throws UndecodableException {
        String id = headers.id();
        byte[] payload = record.value();
        if (payload == null) {
            throw new UndecodableException("the value is null");
        }
        Long expiresAt = headers.optionalNumber(EXPIRES_AT);
        return new RelayMessage(
                id,
                headers.required(APP_ID),
                headers.required(CLIENT_ID),
                headers.number(RECEIVED_AT),
                headers.required(TOPIC),
                headers.qos(),
                headers.bool(RETAIN),
                headers.optional(CONTENT_TYPE),
                replayed ? null : expiresAt, // the operator who replays a message wants it at any age
                headers.optional(RESPONSE_TOPIC),
                headers.bytes(CORRELATION_DATA),
                headers.userProperties(),
                payload);
    }

    /**
     * The dead letter of a record with one failed delivery: value and headers unchanged, with the reason.
     *
     * @param record the consumed record, decodable or not
     */
    public ProducerRecord<byte[], byte[]> encodeDead(
            ConsumerRecord<byte[], byte[]> record, DeadLetter dead, String deadTopic) {
        return DeadLetterCodec.encode(record, dead, deadTopic);
    }

    /**
     * The dead letter of a message that is too large for Kafka: its metadata and the beginning of its payload.
     *
     * @param head the beginning of the payload
     * @param size bytes of the whole payload
     * @param sha256 of the whole payload, lower-case hex
     */
    public ProducerRecord<byte[], byte[]> encodeTooLarge(
            RelayMessage message, byte[] head, long size, String sha256, DeadLetter dead, String deadTopic) {
        DeadLetterCodec.TooLargePayload payload = new DeadLetterCodec.TooLargePayload(head, size, sha256);
        return DeadLetterCodec.encodeTooLarge(message, headers(message), payload, dead, deadTopic);
    }

    /** The dead letter of an MQTT packet that broke a rule of MQTT, with the part that could be read. */
    public ProducerRecord<byte[], byte[]> encodeUnreadable(RelayMessage message, DeadLetter dead, String deadTopic) {
        return DeadLetterCodec.encodeUnreadable(message, headers(message), dead, deadTopic);
    }

    /** Decodes an entry of a dead topic; never throws, at any content. */
    public DeadLetterEntry decodeDead(ConsumerRecord<byte[], byte[]> record) {
        return DeadLetterCodec.decode(record);
    }

    /** The route of an entry of a dead topic; empty: not known. */
    public static String clientIdOfDead(ConsumerRecord<byte[], byte[]> record) {
        return DeadLetterCodec.clientId(record);
    }

    /**
     * The address in the key of a dead topic's entry or tombstone.
     *
     * @return empty: not known
     */
    public static String addressOfDeadKey(byte[] key) {
        return DeadLetterCodec.addressOfKey(key);
    }

    /**
     * The record that sends a message to one of its addresses again: value and headers as ingest wrote them.
     *
     * @param record of a messages topic or of a dead topic
     * @param message the decoded record, see {@link #decode}
     */
    public ProducerRecord<byte[], byte[]> encodeReplay(
            ConsumerRecord<byte[], byte[]> record,
            RelayMessage message,
            Replay replay,
            Ordering ordering,
            String replayTopic) {
        return DeadLetterCodec.encodeReplay(record, key(message, ordering), replay, replayTopic);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
