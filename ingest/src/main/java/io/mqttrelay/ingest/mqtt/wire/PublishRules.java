package io.mqttrelay.ingest.mqtt.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which the MQTT client's decoder refuses a PUBLISH packet, which ends its connection. Reads the packet where it
 * lies, without copying; topics and texts of ASCII take one pass.
 */
final class PublishRules {
    static final int PAYLOAD_FORMAT = 0x01;
    static final int EXPIRY = 0x02;
    static final int CONTENT_TYPE = 0x03;
    static final int RESPONSE_TOPIC = 0x08;
    static final int CORRELATION_DATA = 0x09;
    static final int SUBSCRIPTION_ID = 0x0B;
    static final int TOPIC_ALIAS = 0x23;
    static final int USER_PROPERTY = 0x26;

    private static final ByteProcessor PLAIN_TEXT = value -> value > 0;
    private static final ByteProcessor PLAIN_TOPIC = value -> value > 0 && value != '#' && value != '+';
    private static final ByteProcessor NOT_NUL = value -> value != 0;
    private static final ByteProcessor NO_WILDCARD = value -> value != 0 && value != '#' && value != '+';

    private final boolean mqtt5;

    PublishRules(boolean mqtt5) {
        this.mqtt5 = mqtt5;
    }

    /**
     * Which rule a packet breaks; null: none. One that cannot even be acknowledged is left to the decoder.
     *
     * @param first its first byte
     * @param start behind the fixed header
     * @param end behind its last byte
     */
    @Nullable
    String broken(ByteBuf in, int first, int start, int end) {
        int qos = qos(first);
        int identifier = qos == 0 ? 0 : 2;
        if (qos > 2 || end - start < 2) {
            return null;
        }
        int topicLength = in.getUnsignedShort(start);
        int topic = start + 2;
        if (topicLength > end - topic - identifier) {
            return null;
        }
        if (!isTopic(in, topic, topicLength)) {
            return "the topic is malformed";
        }
        if (qos == 0 && isDup(first)) {
            return "DUP is set with QoS 0";
        }
        return mqtt5 ? brokenByProperties(in, topic + topicLength + identifier, end) : null;
    }

    /** The packet identifier of a PUBLISH of QoS 1 or 2; 0: the packet is too short for one. */
    static int identifier(ByteBuf in, int start, int end) {
        if (end - start < 2) {
            return 0;
        }
        int at = start + 2 + in.getUnsignedShort(start);
        return at + 2 > end ? 0 : in.getUnsignedShort(at);
    }

    static int qos(int first) {
        return (first >> 1) & 3;
    }

    static boolean isDup(int first) {
        return (first & 8) != 0;
    }

    private static @Nullable String brokenByProperties(ByteBuf in, int start, int end) {
        Properties properties = Properties.of(in, start, end);
        if (properties == null) {
            return "the length of the properties is malformed";
        }
        while (properties.next()) {
            String why = properties.broken();
            if (why != null) {
                return why;
            }
        }
        return properties.isComplete() ? null : "the properties are malformed";
    }

    static boolean isTopic(ByteBuf in, int at, int length) {
        if (in.forEachByte(at, length, PLAIN_TOPIC) < 0) {
            return length > 0;
        }
        return in.forEachByte(at, length, NO_WILDCARD) < 0
                && ByteBufUtil.isText(in, at, length, StandardCharsets.UTF_8);
    }

    static boolean isText(ByteBuf in, int at, int length) {
        return in.forEachByte(at, length, PLAIN_TEXT) < 0
                || (in.forEachByte(at, length, NOT_NUL) < 0
                        && ByteBufUtil.isText(in, at, length, StandardCharsets.UTF_8));
    }
}
