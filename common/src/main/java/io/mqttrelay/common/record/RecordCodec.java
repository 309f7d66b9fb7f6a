package io.mqttrelay.common.record;

import io.mqttrelay.common.config.Ordering;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The one contract between ingest and dispatch: how a message looks in Kafka. The only file that knows a header's name.
 *
 * <p>The value is the MQTT payload, byte for byte. The timestamp is left to the producer: retention deletes records by
 * it, so it must never be a device's time or an earlier record's.
 */
public final class RecordCodec {
    private static final String ID = "relay-id";
    private static final String APP_ID = "relay-app-id";
    private static final String CLIENT_ID = "relay-client-id";
    private static final String RECEIVED_AT = "relay-received-at";
    private static final String TOPIC = "mqtt-topic";
    private static final String QOS = "mqtt-qos";
    private static final String RETAIN = "mqtt-retain";
    private static final String CONTENT_TYPE = "mqtt-content-type";
    private static final String EXPIRES_AT = "mqtt-expires-at";
    private static final String RESPONSE_TOPIC = "mqtt-response-topic";
    private static final String CORRELATION_DATA = "mqtt-correlation-data";
    private static final String USER_PROPERTY = "mqtt-user-property";

    private static final String ADDRESS = "relay-address";
    private static final String REPLAY = "relay-replay";

    private static final String ATTEMPTS = "relay-attempts";
    private static final String DEAD_REASON = "relay-dead-reason";
    private static final String DEAD_STATUS = "relay-dead-status";
    private static final String DEAD_ERROR = "relay-dead-error";
    private static final String DEAD_AT = "relay-dead-at";
    private static final String ORIGIN = "relay-origin";
    private static final String PAYLOAD_SIZE = "relay-payload-size";
    private static final String PAYLOAD_SHA256 = "relay-payload-sha256";

    /** What a dead letter or a replay adds: taken off before new ones are written, so that headers never grow. */
    private static final Set<String> ADDED =
            Set.of(ADDRESS, REPLAY, ATTEMPTS, DEAD_REASON, DEAD_STATUS, DEAD_ERROR, DEAD_AT, ORIGIN);

    private static final int MAX_ID_LENGTH = 128;
    private static final byte[] NOTHING = new byte[0];

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

    /** Reads a record of a messages topic; never throws, whatever somebody wrote there. */
    public Decoded decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new Decoded.Message(message(record));
        } catch (UndecodableException e) {
            return new Decoded.Undecodable(e.problem);
        }
    }

    private static RelayMessage message(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
        Headers headers = record.headers();
        String id = required(headers, ID);
        if (!isId(id)) {
            throw new UndecodableException("header " + ID + " is not an id");
        }
        byte[] payload = record.value();
        if (payload == null) {
            throw new UndecodableException("the value is null");
        }
        return new RelayMessage(
                id,
                required(headers, APP_ID),
                required(headers, CLIENT_ID),
                number(RECEIVED_AT, required(headers, RECEIVED_AT)),
                required(headers, TOPIC),
                qos(required(headers, QOS)),
                bool(required(headers, RETAIN)),
                optional(headers, CONTENT_TYPE),
                expiresAt(headers),
                optional(headers, RESPONSE_TOPIC),
                bytes(headers, CORRELATION_DATA),
                userProperties(headers),
                payload);
    }

    /** What may stand in an HTTP header, in a signature (which ends it with a dot) and before the bar of a dead letter's key. */
    private static boolean isId(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_ID_LENGTH
                && id.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '.' && c != '|');
    }

    private static @Nullable Long expiresAt(Headers headers) throws UndecodableException {
        String text = optional(headers, EXPIRES_AT);
        return text == null ? null : number(EXPIRES_AT, text);
    }

    private static int qos(String text) throws UndecodableException {
        long qos = number(QOS, text);
        if (qos < 0 || qos > 2) {
            throw new UndecodableException("header " + QOS + " is not 0, 1 or 2");
        }
        return (int) qos;
    }

    private static boolean bool(String text) throws UndecodableException {
        if (!text.equals("true") && !text.equals("false")) {
            throw new UndecodableException("header " + RETAIN + " is not true or false");
        }
        return text.equals("true");
    }

    private static long number(String name, String text) throws UndecodableException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UndecodableException("header " + name + " is not a number");
        }
    }

    private static List<UserProperty> userProperties(Headers headers) throws UndecodableException {
        List<UserProperty> properties = new ArrayList<>();
        for (Header header : headers.headers(USER_PROPERTY)) {
            properties.add(UserProperty.ofText(text(header))
                    .orElseThrow(() -> new UndecodableException("header " + USER_PROPERTY + " is not name=value")));
        }
        return properties;
    }

    private static String required(Headers headers, String name) throws UndecodableException {
        String value = optional(headers, name);
        if (value == null) {
            throw new UndecodableException("header " + name + " is missing");
        }
        return value;
    }

    private static @Nullable String optional(Headers headers, String name) throws UndecodableException {
        Header header = single(headers, name);
        return header == null ? null : text(header);
    }

    private static byte @Nullable [] bytes(Headers headers, String name) throws UndecodableException {
        Header header = single(headers, name);
        return header == null ? null : value(header);
    }

    private static @Nullable Header single(Headers headers, String name) throws UndecodableException {
        Header found = null;
        for (Header header : headers.headers(name)) {
            if (found != null) {
                throw new UndecodableException("header " + name + " is there twice");
            }
            found = header;
        }
        return found;
    }

    private static String text(Header header) throws UndecodableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value(header)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UndecodableException("header " + header.key() + " is not UTF-8");
        }
    }

    private static byte[] value(Header header) throws UndecodableException {
        byte[] value = header.value();
        if (value == null) {
            throw new UndecodableException("header " + header.key() + " is null");
        }
        return value;
    }

    /**
     * The entry of the dead topic for a record of which one delivery failed: value and headers as they were, and why.
     *
     * @param record the record that was consumed, whether it can be decoded or not
     */
    public ProducerRecord<byte[], byte[]> encodeDead(
            ConsumerRecord<byte[], byte[]> record, DeadLetter dead, String deadTopic) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!ADDED.contains(header.key())) {
                headers.add(header);
            }
        }
        String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        addDead(headers, dead, origin);
        Header id = record.headers().lastHeader(ID);
        String idText = id == null || id.value() == null ? origin : new String(id.value(), StandardCharsets.UTF_8);
        byte[] value = record.value() == null ? NOTHING : record.value(); // null would delete the entry
        return new ProducerRecord<>(deadTopic, null, deadKey(idText, dead.address()), value, headers);
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
        RecordHeaders headers = headers(message);
        headers.add(PAYLOAD_SIZE, utf8(Long.toString(size)));
        headers.add(PAYLOAD_SHA256, utf8(sha256));
        addDead(headers, dead, null);
        return new ProducerRecord<>(deadTopic, null, deadKey(message.id(), dead.address()), head, headers);
    }

    private static byte[] deadKey(String id, @Nullable String address) {
        return utf8(id + "|" + (address == null ? "" : address));
    }

    private static void addDead(Headers headers, DeadLetter dead, @Nullable String origin) {
        addIfPresent(headers, ADDRESS, dead.address());
        headers.add(ATTEMPTS, utf8(Integer.toString(dead.attempts())));
        headers.add(DEAD_REASON, utf8(dead.reason().text()));
        Integer status = dead.status();
        addIfPresent(headers, DEAD_STATUS, status == null ? null : status.toString());
        headers.add(DEAD_ERROR, utf8(dead.errorLine()));
        headers.add(DEAD_AT, utf8(Long.toString(dead.deadAt())));
        addIfPresent(headers, ORIGIN, origin);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class UndecodableException extends Exception {
        private static final long serialVersionUID = 1;
        private final String problem;

        UndecodableException(String problem) {
            super(problem, null, false, false);
            this.problem = problem;
        }
    }
}
