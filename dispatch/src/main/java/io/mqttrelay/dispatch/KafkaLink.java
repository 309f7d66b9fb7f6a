package io.mqttrelay.dispatch;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicsResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The admin client, made when it is first needed and again when it could not be: Kafka may be away, and even its name
 * unknown, when the process starts. Any thread.
 */
final class KafkaLink {
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
            List<CompletableFuture<?>> answers = new ArrayList<>();
            admin().describeTopics(topics)
                    .topicNameValues()
                    .forEach((topic, description) -> answers.add(description
                            .toCompletionStage()
                            .thenAccept(described -> ids.put(topic, described.topicId()))
                            .exceptionally(failure -> null) // not there, or not known now
                            .toCompletableFuture()));
            return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .thenApply(done -> ids);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
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
