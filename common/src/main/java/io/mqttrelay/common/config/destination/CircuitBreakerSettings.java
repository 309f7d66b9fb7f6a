package io.mqttrelay.common.config.destination;

import java.time.Duration;

/**
 * When the breaker of an address opens because its calls keep failing.
 *
 * @param failureRate percent of the last calls, 1..100: it opens from this share of failures on
 * @param minCalls calls that must have ended before it may open
 * @param openFor how long nothing is sent before the next probe
 */
public record CircuitBreakerSettings(double failureRate, int minCalls, Duration openFor) {}
