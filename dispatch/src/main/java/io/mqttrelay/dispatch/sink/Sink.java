package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.record.RelayMessage;

/** One address that takes messages. Safe for any number of threads. */
public interface Sink {
    /**
     * Prepares one attempt; nothing is sent yet.
     *
     * @param attempt from 1
     */
    SinkCall call(RelayMessage message, int attempt);
}
