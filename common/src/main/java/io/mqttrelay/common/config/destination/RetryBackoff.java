package io.mqttrelay.common.config.destination;

import java.time.Duration;

/**
 * The wait between two attempts: {@code initial * multiplier^(n-1)}, at most {@code max}, spread by {@code jitter}.
 *
 * @param initial at least 1 ms
 * @param multiplier 1 or more
 * @param max at least {@code initial}
 * @param jitter 0..1, the share of the wait by which it varies up and down
 */
public record RetryBackoff(Duration initial, double multiplier, Duration max, double jitter) {}
