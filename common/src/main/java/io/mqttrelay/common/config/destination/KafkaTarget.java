package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.Secret;
import java.util.Map;

/**
 * A Kafka cluster that {@code kafka://NAME/TOPIC} names.
 *
 * @param bootstrapServers {@code host:port,host:port}
 * @param properties passed to the producer; values may be secret
 */
public record KafkaTarget(String name, String bootstrapServers, Map<String, Secret> properties) implements TargetEntry {
    public KafkaTarget {
        properties = Map.copyOf(properties);
    }
}
