package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.dispatch.deadletter.TopicReader.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Finds the dead topics that can be read now. A topic that is refused, or has a partition without a leader, is left
 * out, so that it stops the count of no other app. One thread.
 */
final class ReadableTopics {
    private static final Logger log = LogManager.getLogger(ReadableTopics.class);

    static final Duration QUESTION = Duration.ofSeconds(2);
    /** After a fetch was refused: with each new try, all topics are read again. */
    private static final Duration REFUSED_FOR = Duration.ofMinutes(10);

    /** A single failure is not logged: it may be an election. */
    private static final int TOLD_FROM = 2;

    /** A question about offsets. */
    private interface Question {
        Map<TopicPartition, Long> ask(Collection<TopicPartition> partitions, Duration limit);
    }

    private final BooleanSupplier kafkaAnswers;
    private final LongSupplier nanoTime;
    /** Topics of which a fetch was refused, and until when they are left out. */
    private final Map<String, Long> refused = new HashMap<>();
    /** The apps that are left out, and how often in a row. */
    private final Map<String, Integer> leftOut = new HashMap<>();

    /** @param kafkaAnswers false: a failure concerns all topics */
    ReadableTopics(BooleanSupplier kafkaAnswers, LongSupplier nanoTime) {
        this.kafkaAnswers = kafkaAnswers;
        this.nanoTime = nanoTime;
    }

    /**
     * The ranges of all topics that exist and can be read.
     *
     * @param apps by topic
     * @throws KafkaException none of them can be read
     */
    Map<TopicPartition, Range> find(Consumer<byte[], byte[]> consumer, Map<String, String> apps) {
        Map<String, KafkaException> failed = new HashMap<>();
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : apps.keySet()) {
            try {
                partitions.addAll(partitions(consumer, topic));
            } catch (KafkaException e) {
                failed(topic, e, failed);
            }
        }
        Map<TopicPartition, Long> begins = offsets(partitions, consumer::beginningOffsets, failed);
        Map<TopicPartition, Long> ends = offsets(begins.keySet(), consumer::endOffsets, failed);
        if (ends.isEmpty() && !failed.isEmpty()) {
            throw failed.values().iterator().next();
        }
        note(failed, apps);
        Map<TopicPartition, Range> found = new HashMap<>();
        ends.forEach((partition, end) -> found.put(partition, new Range(begins.getOrDefault(partition, end), end)));
        return found;
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
        Long until = refused.get(topic);
        if (until != null && until - nanoTime.getAsLong() > 0) {
            throw new TopicAuthorizationException(Set.of(topic));
        }
        refused.remove(topic);
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo each : consumer.partitionsFor(topic, QUESTION)) {
            Node leader = each.leader();
            if (leader == null || leader.isEmpty()) {
                // a question about its offsets would time out
                throw new LeaderNotAvailableException("partition " + topic + "-" + each.partition() + " has no leader");
            }
            partitions.add(new TopicPartition(topic, each.partition()));
        }
        return partitions;
    }

    /** Asks about all partitions at once, and topic by topic if that fails. */
    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, Question question, Map<String, KafkaException> failed) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        try {
            return question.ask(partitions, QUESTION);
        } catch (KafkaException e) {
            throwIfOfAll(e);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<String, List<TopicPartition>> topics =
                partitions.stream().collect(Collectors.groupingBy(TopicPartition::topic));
        topics.forEach((topic, some) -> {
            try {
                offsets.putAll(question.ask(some, QUESTION));
            } catch (KafkaException e) {
                failed(topic, e, failed);
            }
        });
        return offsets;
    }

    private void failed(String topic, KafkaException e, Map<String, KafkaException> failed) {
        throwIfOfAll(e);
        failed.put(topic, e);
    }

    private void throwIfOfAll(KafkaException e) {
        if (e instanceof InterruptException || !kafkaAnswers.getAsBoolean()) {
            throw e;
        }
    }

    private void note(Map<String, KafkaException> failed, Map<String, String> apps) {
        Set<String> again = new HashSet<>(leftOut.keySet());
        failed.forEach((topic, e) -> {
            String app = apps.getOrDefault(topic, "");
            again.remove(app);
            if (leftOut.merge(app, 1, Integer::sum) == TOLD_FROM) {
                log.warn(
                        "app {}: dead letters cannot be counted, and their metric stands still: {}",
                        app,
                        e.getMessage());
            }
        });
        for (String app : again) {
            Integer times = leftOut.remove(app);
            if (times != null && times >= TOLD_FROM && apps.containsValue(app)) {
                log.info("app {}: dead letters are counted again", app);
            }
        }
    }

    /**
     * Leaves out the topics of which a fetch was refused.
     *
     * @return false: all of them were left out already
     */
    boolean leaveOut(Set<String> topics) {
        long until = nanoTime.getAsLong() + REFUSED_FOR.toNanos();
        boolean isNew = false;
        for (String topic : topics) {
            isNew |= refused.put(topic, until) == null;
        }
        return isNew;
    }

    /** The apps that are left out now. */
    Set<String> leftOut() {
        return Set.copyOf(leftOut.keySet());
    }
}
