package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import java.time.Instant;
import java.util.List;

/** A format of requests that carry one message each. */
interface SingleFormat extends BodyFormat {
    Content content(RelayMessage message);

    @Override
    default Content content(List<RelayMessage> messages) {
        return content(only(messages));
    }

    @Override
    default void headers(List<RelayMessage> messages, MessageHeaders headers) {
        RelayMessage message = only(messages);
        headers.text("relay-topic", message.topic())
                .plain("relay-qos", Integer.toString(message.qos()))
                .plain("relay-retain", Boolean.toString(message.retain()))
                .plain("relay-received-at", UtcTime.text(Instant.ofEpochMilli(message.receivedAt())));
        addMqtt5(message, headers);
        TraceContext trace = TraceContext.of(message);
        if (trace != null) {
            trace.addTo(headers);
        }
    }

    /** Adds the properties of MQTT 5 that the message has. */
    private static void addMqtt5(RelayMessage message, MessageHeaders headers) {
        if (message.responseTopic() != null) {
            headers.otherTopic("relay-response-topic", message.responseTopic());
        }
        if (message.correlationData() != null) {
            headers.base64("relay-correlation-data", message.correlationData());
        }
        if (message.expiresAt() != null) {
            headers.plain("relay-expires-at", UtcTime.text(Instant.ofEpochMilli(message.expiresAt())));
        }
    }

    private static RelayMessage only(List<RelayMessage> messages) {
        if (messages.size() != 1) {
            throw new IllegalArgumentException(messages.size() + " messages in a request for one");
        }
        return messages.get(0);
    }
}
