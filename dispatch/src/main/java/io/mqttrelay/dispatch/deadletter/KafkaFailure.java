package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.text.RootCause;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** A failure of Kafka that ends a command; the message is one line for people, with a remedy. */
public final class KafkaFailure extends Exception {
    private static final long serialVersionUID = 1;

    private static final Logger log = LogManager.getLogger(KafkaFailure.class);
    private static final Duration DESCRIBED = Duration.ofSeconds(5);

    static final String NO_ANSWER = "Kafka does not answer any more";

    KafkaFailure(String message) {
        super(message, null, false, false);
    }

    /** Fails within 5 s if Kafka does not answer, with the addresses that were tried and the cause. */
    public static void unlessReached(KafkaClients clients) throws KafkaFailure, InterruptedException {
        String problem = clients.reach().problem(clients);
        if (problem != null) {
            throw new KafkaFailure(problem);
        }
    }

    /**
     * Adds the cause, if Kafka has stopped answering: the addresses of Kafka, or a partition without a leader.
     *
     * @param topics the topics of the command
     */
    public KafkaFailure explained(KafkaClients clients, Collection<String> topics) throws InterruptedException {
        if (!NO_ANSWER.equals(getMessage())) {
            return this;
        }
        String problem = clients.reach().problem(clients);
        return new KafkaFailure(problem == null ? silent(clients, topics) : problem);
    }

    private static String silent(KafkaClients clients, Collection<String> topics) throws InterruptedException {
        try (Admin admin = clients.admin("topics")) {
            for (KafkaFuture<TopicDescription> each :
                    admin.describeTopics(topics).topicNameValues().values()) {
                String leaderless = leaderless(each.get(DESCRIBED.toMillis(), TimeUnit.MILLISECONDS));
                if (leaderless != null) {
                    return leaderless;
                }
            }
        } catch (ExecutionException | java.util.concurrent.TimeoutException | KafkaException e) {
            log.debug("the leaders of the topics are not known", e);
        }
        return "Kafka answers, but not for all partitions of " + String.join(", ", topics)
                + ": are all of its brokers up?";
    }

    /** One line about the first partition without a leader; null: each has one. */
    @SuppressWarnings("NullAway") // the leader may be null, which Kafka's class does not declare
    static @Nullable String leaderless(TopicDescription topic) {
        for (TopicPartitionInfo partition : topic.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                return "partition " + topic.name() + "-" + partition.partition()
                        + " has no leader: start a broker that holds it (brokers "
                        + partition.replicas().stream().map(Node::idString).collect(Collectors.joining(", ")) + ")";
            }
        }
        return null;
    }

    static KafkaFailure of(KafkaException failure) {
        return new KafkaFailure(inWords(failure));
    }

    private static String inWords(KafkaException failure) {
        if (RootCause.has(failure, ProducerFencedException.class)
                || RootCause.has(failure, InvalidProducerEpochException.class)) {
            return "another replay of this app has begun, so this one ends here";
        }
        if (RootCause.has(failure, AuthenticationException.class)) {
            return "Kafka refuses the credentials in kafka.properties: " + RootCause.message(failure);
        }
        if (RootCause.has(failure, AuthorizationException.class)) {
            return "Kafka does not permit it (" + RootCause.message(failure)
                    + "): docs/dead-letters.md lists the permissions that are needed";
        }
        return RootCause.has(failure, TimeoutException.class) ? NO_ANSWER : "Kafka: " + RootCause.message(failure);
    }

    /** Whether a record was larger than its topic takes. */
    static boolean isTooLarge(KafkaException failure) {
        return RootCause.has(failure, RecordTooLargeException.class);
    }
}
