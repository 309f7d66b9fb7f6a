package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** One address that takes messages. Any thread. */
public interface Sink {
    /**
     * Prepares one attempt; nothing is sent yet.
     *
     * @param messages of one request, in their order; at least one, and more only if the route has batches
     * @param attempt from 1; for a batch, that of its message with the most attempts
     */
    SinkCall call(List<RelayMessage> messages, int attempt);

    /** Prepares an attempt of one message; a batch of one if the route has batches. */
    default SinkCall call(RelayMessage message, int attempt) {
        return call(List.of(message), attempt);
    }

    /**
     * Largest number of bytes that a message takes in a request of several: the sum over a batch is never less than its
     * body. Looks at each byte of the message once, and encodes nothing.
     */
    default long batchBytes(RelayMessage message) {
        return message.payload().length;
    }
}
