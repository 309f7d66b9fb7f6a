package io.mqttrelay.common.topic;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the topics that the relay creates look like.
 *
 * @param partitions of every topic
 * @param replicationFactor null: the broker's default
 * @param retention of messages and replays
 * @param deadLetterRetention of dead letters
 */
public record TopicPlan(
        int partitions, @Nullable Short replicationFactor, Duration retention, Duration deadLetterRetention) {}
