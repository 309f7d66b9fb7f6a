package io.mqttrelay.common.config;

import java.time.Duration;

/**
 * When an address is left alone because it keeps failing.
 *
 * @param failureRate percent of the last calls, 1..100: from this share of failures on
 * @param minCalls that must have ended before it may open
 * @param openFor how long nothing is sent before the next probe
 */
public record CircuitBreakerSettings(double failureRate, int minCalls, Duration openFor) {}
