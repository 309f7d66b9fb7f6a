package io.mqttrelay.common.config;

/**
 * Bounds of one dispatcher.
 *
 * @param groupId the Kafka consumer group that all dispatchers share
 * @param maxInFlight concurrent calls
 * @param maxBuffered bytes of messages held in memory
 */
public record DispatchSettings(String groupId, int maxInFlight, long maxBuffered) {}
