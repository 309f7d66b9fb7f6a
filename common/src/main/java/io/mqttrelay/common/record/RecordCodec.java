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

import io.mqttrelay.common.config.Ordering;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The one contract between ingest and dispatch: how a message looks in Kafka, in its app's topic, in dead letters, and
 * when it is sent again.
 *
 * <p>The value is the MQTT payload, byte for byte. The timestamp is left to the producer: retention deletes records by
 * it, so it must never be a device's time or an earlier record's.
 */
public final class RecordCodec {
    /** The record that stores a message in its app's topic. */
    public ProducerRecord<byte[], byte[]> encode(RelayMessage message, Ordering ordering, String kafkaTopic) {
        return new ProducerRecord<>(kafkaTopic, null, key(message, ordering), message.payload(), headers(message));
    }

    /** The record's key as text: the app_id, and after it the MQTT topic unless the whole app is one sequence. */
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

    /** Reads a record of a topic of messages or replays; never throws, whatever somebody wrote there. */
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
                replayed ? null : expiresAt, // who asks for it again wants it, however old it is
                headers.optional(RESPONSE_TOPIC),
                headers.bytes(CORRELATION_DATA),
                headers.userProperties(),
                payload);
    }

    /**
     * The entry of the dead topic for a record of which one delivery failed: value and headers as they were, and why.
     *
     * @param record the record that was consumed, whether it can be decoded or not
     */
    public ProducerRecord<byte[], byte[]> encodeDead(
            ConsumerRecord<byte[], byte[]> record, DeadLetter dead, String deadTopic) {
        return DeadLetterCodec.encode(record, dead, deadTopic);
    }

    /**
     * The entry of the dead topic for a message that Kafka cannot hold: its metadata and the beginning of its payload.
     *
     * @param head what is kept of the payload
     * @param size bytes of the whole payload
     * @param sha256 of the whole payload, lower-case hex
     */
    public ProducerRecord<byte[], byte[]> encodeTooLarge(
            RelayMessage message, byte[] head, long size, String sha256, DeadLetter dead, String deadTopic) {
        DeadLetterCodec.TooLargePayload payload = new DeadLetterCodec.TooLargePayload(head, size, sha256);
        return DeadLetterCodec.encodeTooLarge(message, headers(message), payload, dead, deadTopic);
    }

    /** Reads an entry of a dead topic; never throws, whatever somebody wrote there. */
    public DeadLetterEntry decodeDead(ConsumerRecord<byte[], byte[]> record) {
        return DeadLetterCodec.decode(record);
    }

    /**
     * The address of an entry of a dead topic, by its key, which a removed one has too.
     *
     * @return empty: none is known
     */
    public static String addressOfDeadKey(byte[] key) {
        return DeadLetterCodec.addressOfKey(key);
    }

    /**
     * The record that sends a message to one of its addresses again: value and headers as ingest wrote them.
     *
     * @param record of a messages topic or of a dead topic
     * @param message what {@link #decode} made of it
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
