package io.mqttrelay.common.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings with which Kafka's clients could not be created or could not work. Called while a configuration is
 * read; touches no network.
 */
@FunctionalInterface
public interface KafkaCheck {
    /** A check without findings. */
    KafkaCheck NONE = settings -> List.of();

    /** The section of {@code kafka} in which a setting stands. */
    enum Place {
        PROPERTIES,
        PRODUCER,
        CONSUMER
    }

    /**
     * A problem or a warning.
     *
     * @param setting of a Kafka client; null: the section as a whole
     * @param what one line, without a secret, that follows the setting's path
     * @param fatal false: a warning
     */
    record Finding(Place place, @Nullable String setting, String what, boolean fatal) {}

    /** The findings, in the order in which they are reported. */
    List<Finding> findings(KafkaSettings settings);
}
