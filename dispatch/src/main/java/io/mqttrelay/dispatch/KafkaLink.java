package io.mqttrelay.dispatch;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicsResult;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The admin client, made when it is first needed and again when it could not be: Kafka may be away, and even its name
 * unknown, when the process starts. Any thread.
 */
final class KafkaLink {
    /** For a partition that has no leader, of which Kafka cannot say where it ends: the others' ends are old meanwhile. */
    private static final int ENDS_PATIENCE_MILLIS = 2000;

    private final KafkaClients clients;
    private final TopicPlan plan;
    private final TopicNames names;
    private @Nullable Admin admin; // guarded by this
    private boolean closed; // guarded by this

    KafkaLink(KafkaClients clients, TopicPlan plan, TopicNames names) {
        this.clients = clients;
        this.plan = plan;
        this.names = names;
    }

    /** The topics of these apps, there or why not. Blocks for a bounded time. */
    TopicsResult ensure(Collection<String> appIds) throws InterruptedException {
        try {
            return new KafkaTopics(admin(), plan, names).ensure(appIds);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new TopicsResult.Unavailable(String.valueOf(cause.getMessage()));
        }
    }

    /** What Kafka calls those of the topics that exist. Does not block. */
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

    /** Where each of these partitions ends for who reads what is committed, if Kafka says so. Does not block. */
    CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        try {
            ListOffsetsResult answer = admin().listOffsets(
                            asked,
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(ENDS_PATIENCE_MILLIS));
            return all(
                            partitions,
                            partition -> answer.partitionResult(partition)
                                    .toCompletionStage()
                                    .thenAccept(end -> ends.put(partition, end.offset())))
                    .thenApply(done -> ends);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends when Kafka has said something of each, be it that it is not there, or not known now. */
    private static <T> CompletableFuture<Void> all(Collection<T> asked, Function<T, CompletionStage<Void>> answer) {
        return CompletableFuture.allOf(asked.stream()
                .map(each -> answer.apply(each).exceptionally(failure -> null).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private synchronized Admin admin() {
        if (closed) {
            throw new KafkaException("the process ends");
        }
        if (admin == null) {
            admin = clients.admin("topics");
        }
        return admin;
    }

    /** Ends an {@link #ensure} that is under way, too. */
    synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
            admin = null;
        }
    }
}
