package io.mqttrelay.sink.mqtt;

import io.mqttrelay.common.record.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one PUBLISH packet, QoS 1.
 *
 * @param expirySeconds what is left until the message expires, 1 or more; null: it never does
 * @param payload must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record OutgoingPublish(
        String topic,
        boolean retain,
        @Nullable Long expirySeconds,
        @Nullable String contentType,
        @Nullable String responseTopic,
        byte @Nullable [] correlationData,
        List<UserProperty> userProperties,
        byte[] payload) {
    private static final int LONGEST_TEXT = 65_535;
    private static final int PACKET_ID = 2;
    private static final int LENGTH = 2;
    private static final int IDENTIFIER = 1;
    private static final int EXPIRY = 5;

    /** Why no message can be published to a topic, one line; null: it can. */
    static @Nullable String topicProblem(String topic) {
        if (topic.isEmpty()) {
            return "the MQTT topic is empty";
        }
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            return "the MQTT topic has a wildcard, + or #";
        }
        if (topic.indexOf('\0') >= 0) {
            return "the MQTT topic has the character NUL";
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(topic)) {
            return "the MQTT topic has half of a surrogate pair";
        }
        return utf8(topic) > LONGEST_TEXT ? "the MQTT topic has more than 65535 bytes" : null;
    }

    /** The size of the packet in MQTT 5, bytes. */
    long packetSize() {
        long properties = expirySeconds == null ? 0 : EXPIRY;
        properties += property(contentType) + property(responseTopic);
        properties += correlationData == null ? 0 : IDENTIFIER + LENGTH + correlationData.length;
        for (UserProperty each : userProperties) {
            properties += IDENTIFIER + LENGTH + utf8(each.name()) + LENGTH + utf8(each.value());
        }
        long rest = LENGTH + utf8(topic) + PACKET_ID + variable(properties) + properties + payload.length;
        return 1 + variable(rest) + rest;
    }

    private static long property(@Nullable String text) {
        return text == null ? 0 : IDENTIFIER + LENGTH + utf8(text);
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int variable(long value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }
}
