package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this dispatcher has, and where it begins in each. The consumer decides nothing by itself: a partition
 * without a stored position is read from its beginning, one whose position retention has overtaken from where the log
 * begins now, and both are said.
 */
@CalledOn("dispatch-consumer")
final class Assignments {
    private static final Logger log = LogManager.getLogger(Assignments.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, String> appOfTopic;
    private final ConsumerMeters meters;

    private final Map<String, AppWindow> apps = new HashMap<>();
    private final Map<TopicPartition, Assignment> current = new LinkedHashMap<>();
    private final Set<TopicPartition> unplaced = new LinkedHashSet<>();
    private final Set<Assignment> active = new LinkedHashSet<>();

    Assignments(Consumer<byte[], byte[]> consumer, Map<String, String> appOfTopic, ConsumerMeters meters) {
        this.consumer = consumer;
        this.appOfTopic = appOfTopic;
        this.meters = meters;
    }

    /**
     * They are ours. They are placed at once, before the consumer looks for their positions itself and finds none; if Kafka
     * does not answer just now, nothing is read from them until {@link #place} has worked.
     */
    void assigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        log.info("{} partitions assigned", partitions.size());
        unplaced.addAll(partitions);
        consumer.pause(partitions);
        try {
            place();
        } catch (RetriableException e) {
            log.warn(
                    "Kafka does not say where {} partitions begin, will be asked again: {}",
                    partitions.size(),
                    e.getMessage());
        }
    }

    /** Finds where each new partition begins. Tried again at the next step when Kafka does not answer. */
    void place() {
        if (unplaced.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> stored = consumer.committed(Set.copyOf(unplaced), PATIENCE);
        Set<TopicPartition> without = new LinkedHashSet<>(unplaced);
        without.removeIf(partition -> stored.get(partition) != null);
        Map<TopicPartition, Long> beginnings =
                without.isEmpty() ? Map.of() : consumer.beginningOffsets(without, PATIENCE);
        sayWhatBeginsAnew(beginnings);
        for (TopicPartition partition : unplaced) {
            OffsetAndMetadata position = stored.get(partition);
            if (position != null) {
                begin(partition, position.offset(), position.offset());
            } else {
                begin(partition, Objects.requireNonNull(beginnings.get(partition)), -1);
            }
        }
        consumer.resume(unplaced);
        unplaced.clear();
    }

    private void begin(TopicPartition partition, long position, long committed) {
        consumer.seek(partition, position);
        AppWindow app = apps.computeIfAbsent(Objects.requireNonNull(appOfTopic.get(partition.topic())), AppWindow::new);
        Assignment assignment = new Assignment(partition, app, position, committed);
        current.put(partition, assignment);
        active.add(assignment);
    }

    private void sayWhatBeginsAnew(Map<TopicPartition, Long> beginnings) {
        if (beginnings.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(beginnings.keySet(), PATIENCE);
        Map<String, Long> waiting = new LinkedHashMap<>();
        ends.forEach((partition, end) ->
                waiting.merge(partition.topic(), end - beginnings.getOrDefault(partition, end), Long::sum));
        waiting.forEach((topic, count) -> {
            if (count > 0) {
                log.warn(
                        "{}: the consumer group has no position in some partitions; {} records there are delivered from "
                                + "the beginning",
                        topic,
                        count);
            }
        });
    }

    /** The log does not hold these positions (any more). */
    void outOfRange(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(positions.keySet(), PATIENCE);
        positions.forEach((partition, position) -> {
            long beginning = Objects.requireNonNull(beginnings.get(partition));
            Assignment assignment = current.get(partition);
            if (assignment == null) {
                return;
            }
            if (beginning >= position) {
                long lost = beginning - position;
                meters.lost(assignment.app().appId(), lost);
                log.error(
                        "{}@{}: Kafka's retention deleted {} records before they were delivered; goes on at {}. Raise the "
                                + "topic's retention.ms, or deliver faster",
                        partition,
                        position,
                        lost,
                        beginning);
                consumer.seek(partition, beginning);
            } else {
                log.error(
                        "{}@{}: the partition ends before that, so it was made anew or cut; goes on at its beginning, {}",
                        partition,
                        position,
                        beginning);
                end(List.of(partition));
                begin(partition, beginning, -1);
            }
        });
    }

    /** They are not ours any more. @return the assignments that ended */
    List<Assignment> end(Collection<TopicPartition> partitions) {
        List<Assignment> ended = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            unplaced.remove(partition);
            Assignment assignment = current.remove(partition);
            if (assignment != null) {
                assignment.end();
                active.remove(assignment);
                ended.add(assignment);
            }
        }
        return ended;
    }

    List<Assignment> endAll() {
        return end(List.copyOf(current.keySet()));
    }

    @Nullable
    Assignment current(TopicPartition partition) {
        return current.get(partition);
    }

    Collection<Assignment> all() {
        return current.values();
    }

    /** Records of it are on their way. */
    void touched(Assignment assignment) {
        active.add(assignment);
    }

    /** Those with something to commit, to finish or to resume. */
    Set<Assignment> active() {
        return active;
    }

    boolean busy() {
        return !active.isEmpty();
    }

    /** Apps that have a partition here. */
    int apps() {
        return apps.size();
    }
}
