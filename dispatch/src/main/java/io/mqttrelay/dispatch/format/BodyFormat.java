package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
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

    /** The payload of one message as a body. */
    static Content payload(RelayMessage message) {
        return new RawFormat().content(message);
    }

    /**
     * The format that the destination is configured for.
     *
     * @throws IllegalArgumentException if it is not supported yet
     */
    static BodyFormat of(Destination destination) {
        Destination.Request request = destination.request();
        if (request.batch() != null) {
            return several(
                    request.batch().format(),
                    request.format(),
                    destination.owner().appName());
        }
        return single(destination);
    }

    /**
     * The format of a single message that the destination is configured for, also if it has batches.
     */
    static BodyFormat single(Destination destination) {
        String appName = destination.owner().appName();
        return switch (destination.request().format()) {
            case RAW, TEMPLATE -> new RawFormat(); // a sink gives a message the content of its template
            case ENVELOPE -> new EnvelopeFormat(appName);
            case CLOUDEVENTS -> new CloudEventsFormat();
            case CLOUDEVENTS_STRUCTURED -> new StructuredFormat();
        };
    }

    /** The format of batches; an event of CloudEvents is its own envelope. */
    private static BodyFormat several(Batch.Format format, MessageFormat ofOne, String appName) {
        return switch (format) {
            case ENVELOPES ->
                ofOne == MessageFormat.CLOUDEVENTS_STRUCTURED
                        ? new EventBatch()
                        : new EnvelopeBatch(new EnvelopeFormat(appName));
            case ARRAY -> new ArrayBatch();
            case LINES -> new LinesBatch();
        };
    }
}
