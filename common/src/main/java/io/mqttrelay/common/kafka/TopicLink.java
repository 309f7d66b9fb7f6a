package io.mqttrelay.common.kafka;

import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicProvisioner;
import io.mqttrelay.common.topic.TopicsResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The admin client for the relay's topics. It is created at the first use and again after each failure: a client cannot
 * be created while no address of Kafka resolves, and it keeps a rejected password. Any thread.
 */
public final class TopicLink implements TopicProvisioner.Kafka, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final TopicPlan plan;
    private final TopicNames names;
    private @Nullable Admin admin; // guarded by this
    private boolean closed; // guarded by this

    /** The caller closes the link; {@code clients} has nothing to close. */
    public TopicLink(KafkaClients clients, TopicPlan plan, TopicNames names) {
        this.clients = clients;
        this.plan = plan;
        this.names = names;
    }

    @Override
    public TopicsResult ensure(Collection<String> appIds, Duration patience) throws InterruptedException {
        try {
            return new KafkaTopics(admin(), plan, names).ensure(appIds, patience);
        } catch (KafkaException e) {
            return new TopicsResult.Unavailable(clients.reach().whyNot(e), true);
        }
    }

    /** Takes less than 5 s. */
    @Override
    public @Nullable String ping(boolean suspected) throws InterruptedException {
        if (suspected) {
            clients.reach().suspectOutage();
        }
        String problem;
        try {
            problem = clients.reach().problem(admin());
        } catch (KafkaException e) {
            problem = clients.reach().whyNot(e);
        }
        if (problem != null) {
            end(Duration.ZERO); // a client keeps its rejected credentials
        }
        return problem;
    }

    /**
     * Whether a topic exists that is of no app. Blocks for a bounded time.
     *
     * @param create whether it is created if it is missing: an operator who made it may withhold the right to create topics
     * @throws KafkaException if Kafka does not tell, or does not create it
     */
    public boolean isThere(NewTopic topic, boolean create) throws InterruptedException {
        try {
            await(admin().describeTopics(List.of(topic.name())).allTopicNames());
            return true;
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
        }
        if (create) {
            create(topic);
        }
        return create;
    }

    private void create(NewTopic topic) throws InterruptedException {
        try {
            await(admin().createTopics(List.of(topic)).all());
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static void await(Future<?> answer) throws InterruptedException {
        try {
            answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KafkaException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    /**
     * The open client.
     *
     * @throws KafkaException if it cannot be created, or the link is closed
     */
    public synchronized Admin admin() {
        if (closed) {
            throw new KafkaException("the process ends");
        }
        if (admin == null) {
            admin = clients.admin("topics");
        }
        return admin;
    }

    private synchronized void end(Duration limit) {
        if (admin != null) {
            admin.close(limit);
            admin = null;
        }
    }

    /** Closes the client; running requests end, too. */
    @Override
    public synchronized void close() {
        closed = true;
        end(Duration.ofSeconds(1));
    }
}
