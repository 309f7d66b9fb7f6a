package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** Makes the body of a request from its messages, and the headers that describe them, for every sink. Any thread. */
public interface BodyFormat {
    /**
     * Makes the body and its type.
     *
     * @param messages one, or several if the format is for several
     */
    Content content(List<RelayMessage> messages);

    /**
     * Adds the headers that describe one attempt: its app and client, these messages, and the number of the attempt.
     *
     * @param attempt from 1
     */
    default void headers(List<RelayMessage> messages, int attempt, MessageHeaders headers) {
        RelayMessage first = messages.get(0);
        headers.text("relay-app-id", first.appId()).text("relay-client-id", first.clientId());
        headers(messages, headers);
        headers.plain("relay-attempt", Integer.toString(attempt));
    }

    /** Adds the headers that describe these messages, not the route or the attempt. */
    void headers(List<RelayMessage> messages, MessageHeaders headers);

    /** Largest number of bytes that a message takes in the body of a request of several. */
    default long batchBytes(RelayMessage message) {
        return message.payload().length;
    }

    /** The format that the route is configured for. */
    static BodyFormat of(Route route) {
        if (route.batch() != null) {
            return new BatchFormat(new EnvelopeFormat(route.appName()));
        }
        return switch (route.messageFormat()) {
            case RAW -> new RawFormat();
            case ENVELOPE -> new EnvelopeFormat(route.appName());
            case CLOUDEVENTS -> new CloudEventsFormat();
        };
    }
}
