package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.record.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The example message of {@code relay explain}.
 *
 * @param topic one that can be published to
 * @param qos of the publication, 0, 1 or 2; null: that of each subscription
 * @param properties its user properties; only routes with MQTT 5 get them
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record Example(String topic, @Nullable Integer qos, List<UserProperty> properties, byte[] payload) {
    private static final int MAX_BYTES = 65_535;

    /** @throws IllegalArgumentException naming the error */
    Example {
        checkTopic(topic);
        if (qos != null && (qos < 0 || qos > 2)) {
            throw new IllegalArgumentException("--qos must be 0, 1 or 2, was " + qos);
        }
        properties = List.copyOf(properties);
        for (UserProperty property : properties) {
            checkText(property.name());
            checkText(property.value());
        }
    }

    private static void checkText(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("--property must not contain U+0000");
        }
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "--property has a name or value of " + length + " bytes, MQTT allows " + MAX_BYTES);
        }
    }

    private static void checkTopic(String topic) {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("--topic must not be empty");
        }
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "--topic is a topic that a message is published to, not a filter: it has no + and no #");
        }
        if (topic.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("--topic must not contain U+0000");
        }
        if (topic.startsWith("$share/")) {
            throw new IllegalArgumentException(
                    "--topic must not start with $share/: that is a shared subscription, nothing is published to it");
        }
        int length = topic.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException("--topic has " + length + " bytes, MQTT allows " + MAX_BYTES);
        }
    }

    /** The user properties that a client of this version gets: MQTT 3.1.1 has none. */
    List<UserProperty> deliveredProperties(MqttVersion version) {
        return version == MqttVersion.V5 ? properties : List.of();
    }

    /** The QoS at a subscription: brokers deliver with the lower of the two. */
    int deliveredQos(int subscribed) {
        return qos == null ? subscribed : Math.min(qos, subscribed);
    }
}
