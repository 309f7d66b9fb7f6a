package io.mqttrelay.ingest.mqtt;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Detects an MQTT client that has lost its flow of messages: the connection is up and messages are read from the
 * socket, but the client does not hand them over. A connection without incoming messages is not suspicious. Times are
 * nanoTime.
 */
final class SilenceWatch {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    private volatile long handedOver;
    private volatile long arrived;

    /** A new connection stands. On {@code ingest-control}. */
    void connected(long now) {
        arrived = now;
        handedOver = now;
    }

    /** Messages go to the client. On the event loop of the one connection that stands. */
    void arriving(long now) {
        arrived = now;
    }

    /** The client has handed a message over. On the event loop of the one connection that stands. */
    void message(long now) {
        handedOver = now;
    }

    /** Restarts the measurement, because the silence so far has another cause. On {@code ingest-control}. */
    void startAgain(long now) {
        handedOver = now;
    }

    /** How long no message was handed over. On {@code ingest-control}. */
    Duration silence(long now) {
        return Duration.ofNanos(now - handedOver);
    }

    /** Whether messages have arrived a while ago and nothing was handed over since. On {@code ingest-control}. */
    boolean isStalled(long now) {
        long last = arrived;
        return last - handedOver > 0 && now - last > PATIENCE;
    }
}
