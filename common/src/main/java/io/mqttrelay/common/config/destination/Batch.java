package io.mqttrelay.common.config.destination;

import java.time.Duration;

/**
 * Settings for several messages of a route in one request.
 *
 * @param maxMessages in one request, at least 1
 * @param maxBytes of a request's body; a single message that is larger is sent alone
 * @param linger how long the first message waits for others; zero: it takes only the messages that wait already
 * @param format of the body
 */
public record Batch(int maxMessages, long maxBytes, Duration linger, Format format) {
    /** The format of a body of several messages. */
    public enum Format {
        /** A JSON array of envelopes. */
        ENVELOPES,
        /** A JSON array of payloads. */
        ARRAY,
        /** One payload a line, as JSON. */
        LINES
    }

    /** Batches of envelopes. */
    public Batch(int maxMessages, long maxBytes, Duration linger) {
        this(maxMessages, maxBytes, linger, Format.ENVELOPES);
    }
}
