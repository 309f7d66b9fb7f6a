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

/** Requests to Kafka about topics, each with a bounded wait. */
final class TopicAdmin {
    private static final Logger log = LogManager.getLogger(TopicAdmin.class);
    private static final Duration LEADERS = Duration.ofSeconds(5);

    private final Admin admin;
    private final Duration patience;

    /** @param patience timeout of each request */
    TopicAdmin(Admin admin, Duration patience) {
        this.admin = admin;
        this.patience = patience;
    }

    /** The existing topics among {@code topics}; without settings if Kafka does not authorize reading them. */
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
     * Creates the topics. A topic that exists already is not an error, even if a request a moment ago did not find
     * it.
     *
     * @return the topics that did not exist before
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
     * Waits for a short time until the leader of every partition answers. Before that the leader refuses writes. Of
     * several batches in flight to a new partition it may refuse the first and accept the second: then an idempotent
     * producer retries the first for ever, as out of sequence.
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
            // a partition without a leader must not block the others; it was not created just now
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
