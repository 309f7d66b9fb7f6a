package io.mqttrelay.common.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the topics that the relay creates.
 *
 * @param partitions of every topic
 * @param replicationFactor null: the broker's default
 * @param retention of messages and replays
 * @param deadLetterRetention of dead letters
 */
public record TopicPlan(
        int partitions, @Nullable Short replicationFactor, Duration retention, Duration deadLetterRetention) {
    /** Bytes of the largest progress record: a hundred thousand blocked topics in one partition, with attempts. */
    private static final int LARGEST_PROGRESS = 8 * 1024 * 1024;

    /** A messages topic. */
    NewTopic messages(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        millis(retention)));
    }

    /** The replay topic of a messages topic that accepts {@code messageLimit} bytes. */
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

    /** The dead topic of a messages topic that accepts {@code messageLimit} bytes. */
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

    /** The topic of sessions: one partition, compacted. */
    public NewTopic sessions(String name) {
        return topic(name, 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    /** The topic of progress that does not fit into an offset commit: compacted. */
    public NewTopic progress(String name) {
        return topic(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(LARGEST_PROGRESS)));
    }

    private NewTopic topic(String name, Map<String, String> itsOwn) {
        return topic(name, partitions, itsOwn);
    }

    private NewTopic topic(String name, int count, Map<String, String> itsOwn) {
        Map<String, String> settings = new HashMap<>(itsOwn);
        // the broker's clock decides when a record is old, not a relay's clock, which may be wrong
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        if (replicationFactor != null && replicationFactor >= 3) {
            // a stored message has two copies, and one broker may be down
            settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new NewTopic(name, Optional.of(count), Optional.ofNullable(replicationFactor)).configs(settings);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
