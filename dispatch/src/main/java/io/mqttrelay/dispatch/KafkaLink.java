package io.mqttrelay.dispatch;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.kafka.TopicLink;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicProvisioner;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.dispatch.place.LogRanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The requests of a dispatcher to Kafka about topics and offsets, by one admin client. Any thread. */
final class KafkaLink implements TopicProvisioner.Kafka {
    private static final Logger log = LogManager.getLogger(KafkaLink.class);

    /**
     * For partitions without a leader: Kafka cannot tell their end offsets, and those of the others are old meanwhile.
     */
    private static final int OFFSETS_PATIENCE_MILLIS = 2000;

    private static final Duration READABLE_PATIENCE = Duration.ofSeconds(5);

    private static final int IDS_PATIENCE_SECONDS = 10;

    private static final Duration DEAD_TOPIC_PATIENCE = Duration.ofSeconds(20);

    private final TopicLink link;
    private final TopicPlan plan;
    private final TopicNames names;
    private volatile boolean answers;

    KafkaLink(KafkaClients clients, TopicPlan plan, TopicNames names) {
        this.link = new TopicLink(clients, plan, names);
        this.plan = plan;
        this.names = names;
    }

    @Override
    public @Nullable String ping(boolean suspected) throws InterruptedException {
        String problem = link.ping(suspected);
        answers = problem == null;
        return problem;
    }

    /** Whether Kafka answered the last request for its topics. */
    boolean answers() {
        return answers;
    }

    /**
     * Makes the missing topics of an app. Blocks for a bounded time.
     *
     * @return whether its dead topic exists
     */
    boolean deadTopicIsThere(String appId) throws InterruptedException {
        if (ping(false) != null) {
            return false;
        }
        link.ensure(List.of(appId), DEAD_TOPIC_PATIENCE);
        String dead = names.dead(appId);
        try {
            return ids(List.of(dead))
                    .get(IDS_PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .containsKey(dead);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /**
     * Whether the progress topic exists. Blocks for a bounded time.
     *
     * @param create whether it is created if it is missing
     * @throws KafkaException if Kafka does not tell, or does not create it
     */
    boolean progressTopicIsThere(boolean create) throws InterruptedException {
        return link.isThere(plan.progress(names.progress()), create);
    }

    /** Also checks whether this process may read the topics: one that it may not read is a fatal finding. */
    @Override
    public TopicsResult ensure(Collection<String> appIds, Duration patience) throws InterruptedException {
        TopicsResult found = link.ensure(appIds, patience);
        if (!(found instanceof TopicsResult.Ready ready)) {
            return found;
        }
        List<String> consumed = new ArrayList<>();
        appIds.forEach(appId -> consumed.addAll(List.of(names.messages(appId), names.replay(appId))));
        List<String> unreadable = unreadable(consumed);
        if (unreadable.isEmpty()) {
            return found;
        }
        List<TopicFinding> findings = new ArrayList<>(ready.findings());
        findings.add(new TopicFinding(true, unreadable, "Kafka does not let this user read it: grant READ"));
        return new TopicsResult.Ready(ready.created(), findings);
    }

    private List<String> unreadable(Collection<String> topics) throws InterruptedException {
        List<String> unreadable = new ArrayList<>();
        try {
            DescribeTopicsOptions withOperations = new DescribeTopicsOptions()
                    .includeAuthorizedOperations(true)
                    .timeoutMs((int) READABLE_PATIENCE.toMillis());
            for (Map.Entry<String, KafkaFuture<TopicDescription>> each : admin().describeTopics(topics, withOperations)
                    .topicNameValues()
                    .entrySet()) {
                Set<AclOperation> allowed = each.getValue()
                        .get(READABLE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .authorizedOperations();
                if (allowed != null && !allowed.isEmpty() && !allowed.contains(AclOperation.READ)) {
                    unreadable.add(each.getKey());
                }
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            log.debug("Kafka does not tell what this user may do; the consumer will find out", e);
        }
        return unreadable;
    }

    /** The topic id of each topic that exists. Does not block. */
    CompletableFuture<Map<String, Uuid>> ids(Collection<String> topics) {
        Map<String, Uuid> ids = new ConcurrentHashMap<>();
        try {
            Map<String, KafkaFuture<TopicDescription>> answers =
                    admin().describeTopics(topics).topicNameValues();
            return all(
                            answers.entrySet(),
                            each -> each.getValue()
                                    .toCompletionStage()
                                    .thenAccept(described -> ids.put(each.getKey(), described.topicId())))
                    .thenApply(done -> ids);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The end offset of each partition for a reader of committed records, if Kafka tells. Does not block. */
    CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    /** The log start and end offset of each partition whose leader answers. Does not block. */
    CompletableFuture<Map<TopicPartition, LogRanges.Range>> ranges(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest())
                .thenCombine(offsets(partitions, OffsetSpec.latest()), (beginnings, ends) -> {
                    Map<TopicPartition, LogRanges.Range> ranges = new HashMap<>();
                    beginnings.forEach((partition, beginning) -> {
                        Long end = ends.get(partition);
                        if (end != null) {
                            ranges.put(partition, new LogRanges.Range(beginning, end));
                        }
                    });
                    return ranges;
                });
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        try {
            ListOffsetsResult answer = admin().listOffsets(
                            asked,
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(OFFSETS_PATIENCE_MILLIS));
            return all(
                            partitions,
                            partition -> answer.partitionResult(partition)
                                    .toCompletionStage()
                                    .thenAccept(found -> offsets.put(partition, found.offset())))
                    .thenApply(done -> offsets);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Completes when Kafka has answered for each, also with an error. */
    private static <T> CompletableFuture<Void> all(Collection<T> asked, Function<T, CompletionStage<Void>> answer) {
        return CompletableFuture.allOf(asked.stream()
                .map(each -> answer.apply(each).exceptionally(failure -> null).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private Admin admin() {
        return link.admin();
    }

    /** Closes the client; running requests end, too. */
    void close() {
        link.close();
    }
}
