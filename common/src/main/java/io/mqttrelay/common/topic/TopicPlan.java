package io.mqttrelay.common.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
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
        int partitions, @Nullable Short replicationFactor, Duration retention, Duration deadLetterRetention) {

    /** A topic of messages. */
    NewTopic messages(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        millis(retention)));
    }

    /** The topic of deliveries to replay beside a topic of messages that takes {@code messageLimit} bytes. */
    NewTopic replays(String name, long messageLimit) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        millis(retention),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Long.toString(DeadLetterLimit.above(messageLimit))));
    }

    /** The topic of dead letters beside a topic of messages that takes {@code messageLimit} bytes. */
    NewTopic deadLetters(String name, long messageLimit) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        millis(deadLetterRetention),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Long.toString(DeadLetterLimit.above(messageLimit))));
    }

    private NewTopic topic(String name, Map<String, String> itsOwn) {
        Map<String, String> settings = new HashMap<>(itsOwn);
        // the broker's clock decides when a record is old, not that of a relay that may be wrong
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        if (replicationFactor != null && replicationFactor >= 3) {
            // "stored" means two copies, and one broker may be away
            settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new NewTopic(name, Optional.of(partitions), Optional.ofNullable(replicationFactor)).configs(settings);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
