package io.mqttrelay.common.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Sees to it that the topics of an app exist and can carry what the relay promises. */
public final class KafkaTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Admin admin;
    private final TopicPlan plan;
    private final TopicNames names;

    /** Topics as {@code plan} wants them; {@code admin} stays the caller's own. */
    public KafkaTopics(Admin admin, TopicPlan plan, TopicNames names) {
        this.admin = admin;
        this.plan = plan;
        this.names = names;
    }

    /**
     * Creates what is missing of these apps' topics and looks at what is there. May be called again at any time, from
     * several processes at once; blocks for at most half a minute.
     */
    public TopicsResult ensure(Collection<String> appIds) throws InterruptedException {
        try {
            return new TopicsResult.Ready(create(new LinkedHashSet<>(appIds)), List.of());
        } catch (ExecutionException | TimeoutException e) {
            return new TopicsResult.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    private Set<String> create(Set<String> appIds) throws InterruptedException, ExecutionException, TimeoutException {
        List<NewTopic> wanted = new ArrayList<>();
        for (String appId : appIds) {
            wanted.add(topic(names.messages(appId), carrying()));
            wanted.add(topic(names.replay(appId), carrying()));
        }
        Set<String> created = createMissing(wanted);
        Map<String, Integer> limits =
                limits(appIds.stream().map(names::messages).toList());
        List<NewTopic> dead = new ArrayList<>();
        for (String appId : appIds) {
            dead.add(topic(names.dead(appId), deadLetters(limits.getOrDefault(names.messages(appId), 1048588))));
        }
        created.addAll(createMissing(dead));
        return created;
    }

    private NewTopic topic(String name, Map<String, String> config) {
        return new NewTopic(name, Optional.of(plan.partitions()), Optional.ofNullable(plan.replicationFactor()))
                .configs(config);
    }

    private Map<String, String> carrying() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(plan.retention().toMillis()));
    }

    private Map<String, String> deadLetters(int messageLimit) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(plan.deadLetterRetention().toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(messageLimit + 64 * 1024));
    }

    private Set<String> createMissing(List<NewTopic> wanted)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> missing = missing(wanted.stream().map(NewTopic::name).toList());
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(
                        wanted.stream().filter(t -> missing.contains(t.name())).toList())
                .values();
        for (KafkaFuture<Void> creation : creations.values()) {
            try {
                await(creation);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        return new LinkedHashSet<>(missing);
    }

    private Set<String> missing(List<String> topics) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> missing = new LinkedHashSet<>();
        Map<String, KafkaFuture<TopicDescription>> descriptions =
                admin.describeTopics(topics).topicNameValues();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> each : descriptions.entrySet()) {
            try {
                await(each.getValue());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                missing.add(each.getKey());
            }
        }
        return missing;
    }

    private Map<String, Integer> limits(List<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, ConfigResource> resources = new LinkedHashMap<>();
        topics.forEach(topic -> resources.put(topic, new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        Map<ConfigResource, Config> configs =
                await(admin.describeConfigs(resources.values()).all());
        Map<String, Integer> limits = new HashMap<>();
        configs.forEach((resource, config) -> limits.put(
                resource.name(),
                Integer.parseInt(
                        config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())));
        return limits;
    }

    private static <T> T await(KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
