package io.mqttrelay.dispatch.place;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.place.LogRanges.Range;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the offset at which each newly assigned partition begins: the committed offset, or else the log start offset. A
 * partition without an answer, such as one without a leader, is asked for again later and delays no other.
 */
@CalledOn("dispatch-consumer")
public final class Placement {
    private static final Logger log = LogManager.getLogger(Placement.class);
    private static final Duration COORDINATOR_PATIENCE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);

    /** Takes a partition whose offset is known. */
    public interface Begin {
        /**
         * Begins to read the partition.
         *
         * @param committed null: the group has committed nothing for it, it begins at the log start offset
         */
        void at(TopicPartition partition, long offset, @Nullable OffsetAndMetadata committed);
    }

    private final Consumer<?, ?> consumer;
    private final LogRanges.Source ranges;
    private final LongSupplier nanoTime;
    private final Begin begin;

    /** Partitions without an offset, and the earliest time to ask Kafka for it. */
    private final Map<TopicPartition, Long> waiting = new LinkedHashMap<>();
    /**
     * Partitions that begin at the log start offset: the group has committed nothing, or only for an earlier topic of
     * that name.
     */
    private final Set<TopicPartition> uncommitted = new LinkedHashSet<>();

    private final Set<TopicPartition> told = new LinkedHashSet<>();
    private Set<TopicPartition> askedFor = Set.of();
    private @Nullable CompletableFuture<Map<TopicPartition, Range>> asked;

    public Placement(Consumer<?, ?> consumer, LogRanges.Source ranges, LongSupplier nanoTime, Begin begin) {
        this.consumer = consumer;
        this.ranges = ranges;
        this.nanoTime = nanoTime;
        this.begin = begin;
    }

    /** Adds partitions to place. */
    public void add(Collection<TopicPartition> partitions) {
        long now = nanoTime.getAsLong();
        partitions.forEach(partition -> waiting.put(partition, now));
    }

    /**
     * Adds partitions to place at the log start offset: the committed offsets belong to an earlier topic of that name.
     */
    public void addAnew(Collection<TopicPartition> partitions) {
        add(partitions);
        uncommitted.addAll(partitions);
    }

    public void removeIf(Predicate<TopicPartition> gone) {
        waiting.keySet().removeIf(gone);
        uncommitted.removeIf(gone);
        told.removeIf(gone);
    }

    /**
     * Asks for the offsets, and places the partitions that Kafka has answered for; waits for the group coordinator
     * only.
     */
    public void step() {
        if (waiting.isEmpty()) {
            return;
        }
        takeAnswer();
        placeWhereCommitted();
        askForLogStart();
        takeAnswer();
    }

    private Set<TopicPartition> due() {
        long now = nanoTime.getAsLong();
        Set<TopicPartition> due = new LinkedHashSet<>();
        waiting.forEach((partition, notBefore) -> {
            if (now - notBefore >= 0) {
                due.add(partition);
            }
        });
        return due;
    }

    private void placeWhereCommitted() {
        Set<TopicPartition> due = due();
        due.removeAll(uncommitted);
        if (due.isEmpty()) {
            return;
        }
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(due, COORDINATOR_PATIENCE);
            for (TopicPartition partition : due) {
                OffsetAndMetadata known = committed.get(partition);
                if (known != null) {
                    place(partition, known.offset(), known);
                } else {
                    uncommitted.add(partition);
                }
            }
        } catch (InterruptException e) {
            throw e;
        } catch (TopicAuthorizationException e) {
            due.removeIf(partition -> !e.unauthorizedTopics().contains(partition.topic()));
            later(due, AFTER_REFUSAL, String.valueOf(e.getMessage()));
        } catch (KafkaException e) {
            later(due, AGAIN, String.valueOf(e.getMessage()));
        }
    }

    private void askForLogStart() {
        Set<TopicPartition> due = due();
        due.retainAll(uncommitted);
        if (asked == null && !due.isEmpty()) {
            askedFor = due;
            asked = ranges.of(due);
        }
    }

    private void takeAnswer() {
        CompletableFuture<Map<TopicPartition, Range>> answer = asked;
        if (answer == null || !answer.isDone()) {
            return;
        }
        asked = null;
        Map<TopicPartition, Range> known = answer.isCompletedExceptionally() ? Map.of() : answer.join();
        Set<TopicPartition> open = new LinkedHashSet<>(askedFor);
        open.retainAll(uncommitted); // not revoked meanwhile
        Map<String, Uncommitted> topics = new LinkedHashMap<>();
        known.forEach((partition, range) -> {
            if (open.remove(partition)) {
                topics.merge(partition.topic(), Uncommitted.of(range), Uncommitted::plus);
                place(partition, range.beginning(), null);
            }
        });
        topics.forEach((topic, uncommitted) -> uncommitted.log(topic));
        later(open, AGAIN, "no leader answers");
    }

    private void place(TopicPartition partition, long offset, @Nullable OffsetAndMetadata committed) {
        waiting.remove(partition);
        uncommitted.remove(partition);
        told.remove(partition);
        begin.at(partition, offset, committed);
    }

    private void later(Set<TopicPartition> partitions, Duration wait, String reason) {
        long next = nanoTime.getAsLong() + wait.toNanos();
        partitions.forEach(partition -> waiting.replace(partition, next));
        if (told.addAll(partitions)) {
            log.warn("{} wait, Kafka does not tell where they begin: {}; everything else goes on", partitions, reason);
        }
    }

    /**
     * Records of one topic in partitions without a committed offset.
     *
     * @param deleted whether retention has deleted records before them: the topic is not new, so the committed offsets
     *     may have expired
     */
    private record Uncommitted(long records, boolean deleted) {
        private static Uncommitted of(Range range) {
            return new Uncommitted(range.end() - range.beginning(), range.beginning() > 0);
        }

        private Uncommitted plus(Uncommitted other) {
            return new Uncommitted(records + other.records, deleted || other.deleted);
        }

        private void log(String topic) {
            if (records > 0) {
                log.atLevel(deleted ? Level.WARN : Level.INFO)
                        .log(
                                "{}: the consumer group has no committed offset in some partitions; {} records there are"
                                        + " delivered from the log start offset",
                                topic,
                                records);
            }
        }
    }
}
