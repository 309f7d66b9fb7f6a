package io.mqttrelay.common.topic;

import io.mqttrelay.common.topic.TopicChecks.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What is asked of Kafka about topics, each question with a bounded wait. */
final class TopicAdmin {
    private static final Logger log = LogManager.getLogger(TopicAdmin.class);
    private static final Duration LEADERS = Duration.ofSeconds(5);

    private final Admin admin;
    private final Duration patience;

    /** Questions that wait for {@code patience} at most, each. */
    TopicAdmin(Admin admin, Duration patience) {
        this.admin = admin;
        this.patience = patience;
    }

    /** Those of {@code topics} that exist; without settings where Kafka does not let us read them. */
    Map<String, Topic> existing(Collection<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Integer> replicas = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                TopicDescription description = await(each.getValue());
                replicas.put(
                        each.getKey(),
                        description.partitions().get(0).replicas().size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        Map<String, Topic> existing = new HashMap<>();
        settings(replicas.keySet())
                .forEach((name, settings) ->
                        existing.put(name, new Topic(name, replicas.getOrDefault(name, 0), settings)));
        return existing;
    }

    /**
     * Creates them all; one that is there already is as good, and may be so without having been seen a moment ago.
     *
     * @return those that were not there
     */
    Set<String> create(Collection<NewTopic> topics) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> created = new LinkedHashSet<>();
        for (Map.Entry<String, KafkaFuture<Void>> creation :
                admin.createTopics(topics).values().entrySet()) {
            try {
                await(creation.getValue());
                created.add(creation.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        return created;
    }

    /**
     * Waits, but not for long, until the leader of every partition answers for it. Before that it refuses what is written,
     * and of several batches under way to a new partition it may refuse the first and take the second: an idempotent
     * producer then sends the first again for ever, as out of sequence.
     */
    void awaitLeaders(Collection<String> topics) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        try {
            await(admin.describeTopics(topics).allTopicNames())
                    .values()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> partitions.put(
                                    new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
            ListOffsetsOptions shortly = new ListOffsetsOptions().timeoutMs((int) LEADERS.toMillis());
            admin.listOffsets(partitions, shortly).all().get(LEADERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // a partition without a leader must not hold up the others; it was not made just now
            log.debug("not every partition has a leader that answers", e);
        }
    }

    private Map<String, Map<String, String>> settings(Collection<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = new ArrayList<>();
        topics.forEach(topic -> resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        Map<String, Map<String, String>> settings = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> each :
                admin.describeConfigs(resources).values().entrySet()) {
            settings.put(each.getKey().name(), readable(each.getValue()));
        }
        return settings;
    }

    private Map<String, String> readable(KafkaFuture<Config> config)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, String> settings = new HashMap<>();
        try {
            await(config).entries().forEach(entry -> {
                if (entry.value() != null) {
                    settings.put(entry.name(), entry.value());
                }
            });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
        }
        return settings;
    }

    private <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
