package io.mqttrelay.dispatch.consume;

import static java.util.stream.Collectors.toSet;

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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this dispatcher has, and where it begins in each. The consumer decides nothing by itself: a partition
 * without a stored position is read from its beginning, one whose position retention has overtaken from where the log
 * begins now, and both are said.
 */
@CalledOn("dispatch-consumer")
final class Assignments implements AppChanges.Partitions {
    private static final Logger log = LogManager.getLogger(Assignments.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** For what one partition's leader must answer: everybody else waits meanwhile. */
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final Consumer<byte[], byte[]> consumer;
    /** The app of each topic that is subscribed to; changes with the configuration. */
    private final Map<String, ConsumedApp> topics;

    private final Memory memory;
    private final ConsumerMeters meters;

    private final Map<String, AppWindows> apps = new LinkedHashMap<>();
    private final Map<TopicPartition, Assignment> current = new LinkedHashMap<>();
    private final Set<TopicPartition> unplaced = new LinkedHashSet<>();
    /** What the group has stored of these is of another topic of that name. */
    private final Set<TopicPartition> madeAnew = new LinkedHashSet<>();
    /** Begun without a stored position, and when. */
    private final Map<TopicPartition, Long> begunAtBeginning = new HashMap<>();

    private final Set<Assignment> active = new LinkedHashSet<>();
    private long nextPlacing = System.nanoTime();
    private long nextLook = System.nanoTime();

    /** @param maxBuffered bytes of messages in memory */
    Assignments(
            Consumer<byte[], byte[]> consumer,
            Map<String, ConsumedApp> topics,
            long maxBuffered,
            ConsumerMeters meters) {
        this.consumer = consumer;
        this.topics = topics;
        this.meters = meters;
        this.memory = new Memory(maxBuffered);
        shareOut();
    }

    /** The topics are of other apps now, or of apps with other addresses. */
    void shareOut() {
        Map<String, ConsumedApp> distinct = new LinkedHashMap<>();
        topics.values().forEach(app -> distinct.put(app.appId(), app));
        Set<String> held = current.values().stream().map(Assignment::appId).collect(toSet());
        // an app that went may come back before its partitions are given away: they would know it no more
        apps.keySet().removeIf(appId -> !distinct.containsKey(appId) && !held.contains(appId));
        distinct.forEach((appId, app) -> apps.computeIfAbsent(
                        appId, unused -> new AppWindows(app, memory, distinct.size()))
                .become(app, distinct.size()));
        unplaced.removeIf(partition -> !topics.containsKey(partition.topic()));
        consumer.assignment().stream()
                .filter(partition -> topics.containsKey(partition.topic()) && !current.containsKey(partition))
                .forEach(unplaced::add);
        current.values().forEach(assignment -> {
            AppWindows app = apps.get(assignment.appId());
            if (app != null) {
                app.addresses().forEach(assignment::add);
                active.add(assignment);
            }
        });
    }

    /** They are ours; nothing is read from them before {@link #place}. */
    void assigned(Collection<TopicPartition> partitions) {
        partitions.stream()
                .filter(partition -> topics.containsKey(partition.topic())) // not unsubscribed from meanwhile
                .forEach(unplaced::add);
        consumer.pause(partitions);
        // any position, never read from: without one, poll would fail for all partitions
        partitions.forEach(partition -> consumer.seek(partition, 0));
        if (!partitions.isEmpty()) {
            log.info("{} partitions assigned", partitions.size());
        }
    }

    /**
     * Finds where each new partition begins. What Kafka does not tell now is asked again later, and holds up no other
     * partition: one that has no leader, or whose topic is being deleted, stays out until it has.
     */
    void place() {
        if (unplaced.isEmpty() || System.nanoTime() - nextPlacing < 0) {
            return;
        }
        try {
            placeWhereStored();
            for (String topic : topicsOf(unplaced)) {
                placeAtBeginning(topic);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            nextPlacing = System.nanoTime() + PATIENCE.toNanos();
            log.warn("{} wait, Kafka does not say where they begin: {}", topicsOf(unplaced), e.getMessage());
        }
    }

    private void placeWhereStored() {
        Set<TopicPartition> maybeStored = new LinkedHashSet<>(unplaced);
        maybeStored.removeAll(madeAnew);
        consumer.committed(maybeStored, PATIENCE).forEach((partition, stored) -> {
            if (stored != null) {
                begin(partition, stored.offset(), stored);
            }
        });
    }

    private void placeAtBeginning(String topic) {
        Set<TopicPartition> partitions = new LinkedHashSet<>(unplaced);
        partitions.removeIf(partition -> !partition.topic().equals(topic));
        unplaced.removeAll(partitions);
        unplaced.addAll(partitions); // at the end: when it fails, the others come first next time
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, LEADER_PATIENCE);
        sayWhatBeginsAnew(beginnings);
        beginnings.forEach((partition, beginning) -> begin(partition, beginning, null));
    }

    private static Set<String> topicsOf(Collection<TopicPartition> partitions) {
        Set<String> topics = new LinkedHashSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        return topics;
    }

    private void begin(TopicPartition partition, long position, @Nullable OffsetAndMetadata committed) {
        unplaced.remove(partition);
        madeAnew.remove(partition);
        if (committed == null) {
            begunAtBeginning.put(partition, System.nanoTime());
        }
        ConsumedApp consumed = Objects.requireNonNull(topics.get(partition.topic()));
        AppWindows app = Objects.requireNonNull(apps.get(consumed.appId()));
        Assignment assignment = new Assignment(partition, app, position, committed);
        current.put(partition, assignment);
        active.add(assignment);
        consumer.seek(partition, assignment.next());
        if (assignment.isAnybodyInStep()) {
            consumer.resume(List.of(partition));
        } else {
            assignment.paused(Assignment.Pause.FULL);
        }
    }

    private void sayWhatBeginsAnew(Map<TopicPartition, Long> beginnings) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(beginnings.keySet(), LEADER_PATIENCE);
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

    /**
     * The log does not hold these positions (any more).
     *
     * @return the assignments that ended with that
     */
    List<Assignment> outOfRange(Map<TopicPartition, Long> positions) {
        List<Assignment> ended = new ArrayList<>();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(positions.keySet(), PATIENCE);
        positions.forEach((partition, position) -> {
            long beginning = Objects.requireNonNull(beginnings.get(partition));
            Assignment assignment = current.get(partition);
            if (assignment == null) {
                return;
            }
            if (beginning >= position) {
                beginsAt(assignment, beginning);
            } else {
                log.error(
                        "{}@{}: the partition ends before that, so it was made anew or cut; goes on at its beginning, {}",
                        partition,
                        position,
                        beginning);
                ended.addAll(end(List.of(partition)));
                begin(partition, beginning, null);
            }
        });
        return ended;
    }

    /**
     * A topic was deleted and made anew: positions in the old one mean nothing in the new one.
     *
     * @param old when it surely still was the old one, by {@link System#nanoTime}
     * @return the assignments that ended with that
     */
    List<Assignment> madeAnew(String topic, long old) {
        List<TopicPartition> stale = current.keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                // Kafka deletes a topic's stored positions with it: who began without one began in the new topic
                .filter(partition -> begunAtBeginning.getOrDefault(partition, old - 1) - old < 0)
                .toList();
        if (stale.isEmpty()) {
            return List.of();
        }
        log.error(
                "{} was deleted and made anew: what was not delivered of the old one is gone; {} partitions of the new one"
                        + " are read from their beginning, what was read of them since is delivered again",
                topic,
                stale.size());
        List<Assignment> ended = end(stale);
        madeAnew.addAll(stale);
        assigned(stale);
        return ended;
    }

    /** Looks, now and then, what retention has deleted of partitions where somebody is behind. */
    void lookAtRetention() {
        long now = System.nanoTime();
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + BETWEEN_LOOKS.toNanos();
        Set<TopicPartition> behind = new LinkedHashSet<>();
        current.values().stream()
                .filter(Assignment::isAnybodyLeft)
                .forEach(assignment -> behind.add(assignment.partition()));
        if (!behind.isEmpty()) {
            consumer.beginningOffsets(behind, LEADER_PATIENCE)
                    .forEach((partition, beginning) ->
                            beginsAt(Objects.requireNonNull(current.get(partition)), beginning));
        }
    }

    private void beginsAt(Assignment assignment, long beginning) {
        boolean behindMain = assignment.next() < beginning;
        for (Assignment.Lost lost : assignment.beginsAt(beginning)) {
            AddressWindow window = lost.cursor().window();
            meters.lost(window.address(), lost.count());
            log.error(
                    "{}: Kafka's retention deleted {} records of {} before they were delivered; goes on at {}. Raise the"
                            + " topic's retention.ms, or deliver faster",
                    window,
                    lost.count(),
                    assignment,
                    beginning);
        }
        if (behindMain) {
            consumer.seek(assignment.partition(), beginning);
        }
        active.add(assignment);
    }

    /** They are not ours any more. @return the assignments that ended */
    List<Assignment> end(Collection<TopicPartition> partitions) {
        List<Assignment> ended = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            unplaced.remove(partition);
            madeAnew.remove(partition);
            begunAtBeginning.remove(partition);
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

    @Override
    public Collection<Assignment> all() {
        return current.values();
    }

    /** What is read next of each. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        current.forEach((partition, assignment) -> positions.put(partition, assignment.next()));
        return positions;
    }

    /** Records of it are on their way. */
    @Override
    public void touched(Assignment assignment) {
        active.add(assignment);
    }

    /** Those with something to commit, to finish or to resume. */
    Set<Assignment> active() {
        return active;
    }

    boolean busy() {
        return !active.isEmpty();
    }

    @Override
    public Collection<AppWindows> apps() {
        return apps.values();
    }
}
