package io.mqttrelay.common.config;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kafka: where it is, the topics that the relay creates there, and what is passed to the clients.
 *
 * @param replicationFactor null: the broker's default
 * @param properties passed to every client; values may be secret
 * @param producer passed to producers, over {@code properties}
 * @param consumer passed to consumers, over {@code properties}
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
    public KafkaSettings {
        properties = Map.copyOf(properties);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
    }
}
