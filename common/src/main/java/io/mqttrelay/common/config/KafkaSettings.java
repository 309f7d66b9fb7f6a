package io.mqttrelay.common.config;

import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.topic.TopicPlan;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kafka settings: the cluster, the topics that the relay creates, and settings passed to the clients.
 *
 * @param replicationFactor null: the broker's default
 * @param properties passed to every client; values may be secret
 * @param producer passed to producers, override {@code properties}
 * @param consumer passed to consumers, override {@code properties}
 */
public record KafkaSettings(
        String bootstrapServers,
        String topicPrefix,
        int partitions,
        @Nullable Short replicationFactor,
        Duration retention,
        Duration deadLetterRetention,
        Map<String, Secret> properties,
        Map<String, Secret> producer,
        Map<String, Secret> consumer) {
    /** Time of a rebalance in addition to the wait for calls in flight. */
    public static final Duration REBALANCE_RESERVE = Duration.ofSeconds(30);

    public KafkaSettings {
        properties = Map.copyOf(properties);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
    }

    /** The settings of the topics that the relay creates. */
    public TopicPlan topicPlan() {
        return new TopicPlan(partitions, replicationFactor, retention, deadLetterRetention);
    }
}
