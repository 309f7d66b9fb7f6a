package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** One address that takes messages. Safe for any number of threads. */
public interface Sink {
    /**
     * Prepares one attempt; nothing is sent yet.
     *
     * @param messages what one request carries, in their order; at least one, and more only where the route has batches
     * @param attempt from 1; of a batch, that of its message that was tried most often
     */
    SinkCall call(List<RelayMessage> messages, int attempt);

    /** Prepares an attempt of one message, as a batch of one where the route has batches. */
    default SinkCall call(RelayMessage message, int attempt) {
        return call(List.of(message), attempt);
    }

    /**
     * The most bytes that a message takes in a request of several: the sum of a batch's messages is never less than its
     * body. Looks at each byte of the message once, and encodes nothing.
     */
    default long batchBytes(RelayMessage message) {
        return message.payload().length;
    }
}
