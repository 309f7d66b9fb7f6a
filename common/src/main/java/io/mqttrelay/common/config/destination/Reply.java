package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.topic.TopicFilter;
import java.time.Duration;
import java.util.List;

/**
 * The publishing of accepted answers to response topics of MQTT 5.
 *
 * @param topics the response topics that are allowed; at least one
 * @param maxAge an older answer is dropped
 */
public record Reply(List<TopicFilter> topics, Duration maxAge) {
    public Reply {
        topics = List.copyOf(topics);
    }
}
