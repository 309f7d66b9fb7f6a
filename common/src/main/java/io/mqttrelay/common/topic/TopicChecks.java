package io.mqttrelay.common.topic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Checks existing topics for settings that break a guarantee. Only compaction of a messages or replay topic is fatal:
 * Kafka would silently delete acknowledged messages before their delivery. With the other findings the relay works
 * with less safety than the operator may expect, or stops with errors in the log.
 */
final class TopicChecks {
    private static final long KAFKAS_LIMIT = 1_048_588;

    /** An existing topic with its settings. */
    record Topic(String name, int replicas, Map<String, String> config) {
        Topic {
            config = Map.copyOf(config);
        }

        String setting(String key) {
            return config.getOrDefault(key, "");
        }

        boolean isCompacted() {
            return Arrays.asList(setting(TopicConfig.CLEANUP_POLICY_CONFIG).split(","))
                    .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        }

        /** Maximum bytes of one batch ({@code max.message.bytes}); Kafka's default if the settings cannot be read. */
        long limit() {
            String value = setting(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return value.isEmpty() ? KAFKAS_LIMIT : Long.parseLong(value);
        }
    }

    private record Kind(boolean fatal, String text) {}

    private final Map<Kind, List<String>> found = new LinkedHashMap<>();

    /** Checks a messages topic or a replay topic. */
    void carrying(Topic topic) {
        if (topic.isCompacted()) {
            add(
                    topic,
                    true,
                    "is compacted, so that Kafka would delete messages before they are delivered: set"
                            + " cleanup.policy=delete");
        }
        stored(topic);
    }

    /** Checks a replay topic, which must accept every message of its messages topic. */
    void replays(Topic replays, Topic messages) {
        long needed = DeadLetterLimit.above(messages.limit());
        if (replays.limit() < needed) {
            add(
                    replays,
                    false,
                    "takes at most " + replays.limit() + " bytes: a message that does not fit there cannot be sent"
                            + " again; set max.message.bytes to " + needed + " or more");
        }
        carrying(replays);
    }

    /** Checks a dead topic, which must accept every message of its messages topic. */
    void deadLetters(Topic dead, Topic messages) {
        long needed = DeadLetterLimit.above(messages.limit());
        if (dead.limit() < needed) {
            add(
                    dead,
                    false,
                    "takes at most " + dead.limit() + " bytes: a message that fails and does not fit there holds up"
                            + " its partition; set max.message.bytes to " + needed + " or more");
        }
        if (!dead.isCompacted()) {
            add(
                    dead,
                    false,
                    "is not compacted, so that dead letters stay after they have been replayed: set"
                            + " cleanup.policy=compact,delete");
        }
        stored(dead);
    }

    List<TopicFinding> findings() {
        List<TopicFinding> findings = new ArrayList<>();
        found.forEach((kind, topics) -> findings.add(new TopicFinding(kind.fatal(), topics, kind.text())));
        return findings;
    }

    private void stored(Topic topic) {
        if (topic.replicas() == 1) {
            add(
                    topic,
                    false,
                    "replication factor is 1: losing that broker's disk loses what MQTT was told is safe; use 3 replicas with"
                            + " min.insync.replicas=2");
        } else if (topic.setting(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).equals("1")) {
            add(
                    topic,
                    false,
                    "counts a message as stored when one broker has it (min.insync.replicas=1): set"
                            + " min.insync.replicas=2");
        }
        if (topic.setting(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).equals("true")) {
            add(
                    topic,
                    false,
                    "may lose stored messages when a broker that is behind becomes leader: set"
                            + " unclean.leader.election.enable=false");
        }
        if (topic.setting(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime")) {
            add(
                    topic,
                    false,
                    "takes a record's time from the relay's clock, by which retention deletes: set"
                            + " message.timestamp.type=LogAppendTime");
        }
    }

    private void add(Topic topic, boolean fatal, String text) {
        found.computeIfAbsent(new Kind(fatal, text), kind -> new ArrayList<>()).add(topic.name());
    }
}
