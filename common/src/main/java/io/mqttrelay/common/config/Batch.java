package io.mqttrelay.common.config;

import java.time.Duration;

/**
 * Settings for several messages of a route in one request.
 *
 * @param maxMessages in one request, at least 1
 * @param maxBytes of a request's body; a single message that is larger is sent alone
 * @param linger how long the first message waits for others; zero: it takes only the messages that wait already
 */
public record Batch(int maxMessages, long maxBytes, Duration linger) {}
