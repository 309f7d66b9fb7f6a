package io.mqttrelay.common.config;

import io.mqttrelay.common.topic.TopicFilter;

/**
 * One topic filter that a route subscribes to.
 *
 * @param qos 0, 1 or 2
 */
public record Subscription(TopicFilter filter, int qos) {}
