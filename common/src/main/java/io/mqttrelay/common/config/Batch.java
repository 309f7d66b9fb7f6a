package io.mqttrelay.common.config;

import java.time.Duration;

/**
 * Several messages of a route in one request.
 *
 * @param maxMessages in one request, at least 1
 * @param maxBytes of a request's body; a message that alone makes a larger one goes out by itself
 * @param linger how long the first message waits for others; zero: it takes those that wait already
 */
public record Batch(int maxMessages, long maxBytes, Duration linger) {}
