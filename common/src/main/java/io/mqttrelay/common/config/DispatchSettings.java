package io.mqttrelay.common.config;

import java.time.Duration;

/**
 * Bounds of one dispatcher.
 *
 * @param groupId the Kafka consumer group that all dispatchers share
 * @param maxInFlight concurrent calls
 * @param maxBuffered bytes of messages held in memory
 * @param rebalanceWait how long calls in flight may end before their partitions are given away
 */
public record DispatchSettings(String groupId, int maxInFlight, long maxBuffered, Duration rebalanceWait) {}
