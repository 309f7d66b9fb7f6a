package io.mqttrelay.dispatch.consume;

import static java.util.stream.Collectors.toSet;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.flow.Backpressure;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.observe.Measurements;
import io.mqttrelay.dispatch.place.LogRanges;
import io.mqttrelay.dispatch.place.LogStart;
import io.mqttrelay.dispatch.place.Placement;
import io.mqttrelay.dispatch.place.Repositioning;
import io.mqttrelay.dispatch.place.TopicIds;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.progress.AwaitedRecords;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressStore;
import io.mqttrelay.dispatch.progress.Snapshots;
import io.mqttrelay.dispatch.reload.AppChanges;
import io.mqttrelay.dispatch.window.AddressWindow;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.dispatch.window.Memory;
import java.security.SecureRandom;
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
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The partitions assigned to this dispatcher, and the offset at which each begins. The consumer resets no offset by
 * itself: a partition without a committed offset is read from the log start offset. A partition whose offset retention
 * has deleted goes on at the new log start offset. Both are logged.
 */
@CalledOn("dispatch-consumer")
final class Assignments implements AppChanges.Partitions, Backpressure.Partitions, Measurements.Partitions {
    private static final Logger log = LogManager.getLogger(Assignments.class);
    /**
     * The longest wait for a topic id. Without an answer the topic counts as recreated: records are delivered again,
     * none is lost.
     */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final Consumer<byte[], byte[]> consumer;
    /** The app of each subscribed topic; changes with the configuration. */
    private final Map<String, ConsumedApp> topics;

    private final Memory memory;
    private final ConsumerMeters meters;
    private final LongSupplier nanoTime;

    private final Map<String, AppWindows> apps = new LinkedHashMap<>();
    private final Map<TopicPartition, Assignment> current = new LinkedHashMap<>();
    private final Map<AppWindows, Set<Assignment>> byApp = new HashMap<>();
    private final Placement placement;
    private final LogStart logStart;
    private final Repositioning repositioning;
    /** Partitions that began without a committed offset, and when. */
    private final Map<TopicPartition, Long> begunAtBeginning = new HashMap<>();

    private final AwaitedRecords awaited;

    private final Set<Assignment> active = new LinkedHashSet<>();

    /** Makes assignments without a store of progress. */
    Assignments(
            Consumer<byte[], byte[]> consumer,
            LogRanges.Source ranges,
            Map<String, ConsumedApp> topics,
            long maxBuffered,
            ConsumerMeters meters,
            LongSupplier nanoTime) {
        this(consumer, ranges, topics, maxBuffered, meters, nanoTime, ProgressStore.NONE);
    }

    /**
     * @param maxBuffered bytes of messages in memory
     * @param nanoTime a monotonic clock, nanoseconds
     * @param store of progress that does not fit into commits
     */
    Assignments(
            Consumer<byte[], byte[]> consumer,
            LogRanges.Source ranges,
            Map<String, ConsumedApp> topics,
            long maxBuffered,
            ConsumerMeters meters,
            LongSupplier nanoTime,
            ProgressStore store) {
        this.consumer = consumer;
        SecureRandom random = new SecureRandom();
        this.awaited = new AwaitedRecords(new Snapshots.Tools(
                store, nanoTime, System::currentTimeMillis, random::nextLong, store.leftToCommits()));
        this.topics = topics;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.memory = new Memory(maxBuffered);
        this.placement = new Placement(consumer, ranges, nanoTime, this::begin);
        this.logStart = new LogStart(ranges, BETWEEN_LOOKS, nanoTime);
        this.repositioning = new Repositioning(ranges, nanoTime);
        shareOut();
    }

    /** Applies a changed configuration: topics belong to other apps now, or apps have other addresses. */
    void shareOut() {
        Map<String, ConsumedApp> distinct = new LinkedHashMap<>();
        topics.values().forEach(app -> distinct.put(app.appId(), app));
        Set<String> held = current.values().stream().map(Assignment::appId).collect(toSet());
        // a removed app may return before its partitions are revoked: they would miss it in the map
        apps.keySet().removeIf(appId -> !distinct.containsKey(appId) && !held.contains(appId));
        distinct.forEach((appId, app) -> apps.computeIfAbsent(
                        appId, unused -> new AppWindows(app, memory, distinct.size()))
                .become(app, distinct.size()));
        placement.removeIf(partition -> !topics.containsKey(partition.topic()));
        awaited.removeIf(partition -> !topics.containsKey(partition.topic()));
        placement.add(consumer.assignment().stream()
                .filter(partition -> topics.containsKey(partition.topic())
                        && !current.containsKey(partition)
                        && !awaited.has(partition))
                .toList());
        current.values().forEach(assignment -> {
            AppWindows app = apps.get(assignment.appId());
            if (app != null) {
                app.all().forEach(assignment::add);
                active.add(assignment);
            }
        });
    }

    /** Takes over partitions; nothing is read from them before {@link #place}. */
    void assigned(Collection<TopicPartition> partitions) {
        placement.add(subscribed(partitions));
        park(partitions);
        if (!partitions.isEmpty()) {
            log.info("{} partitions assigned", partitions.size());
        }
    }

    private List<TopicPartition> subscribed(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> topics.containsKey(partition.topic())) // not unsubscribed meanwhile
                .toList();
    }

    private void park(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        // any offset, never read from: without a fetch position, poll would fail for all partitions
        partitions.forEach(partition -> consumer.seek(partition, 0));
    }

    /** Finds where each new partition begins. A partition without an answer from Kafka delays no other. */
    void place() {
        placement.step();
        awaited.takeRead((committed, progress, snapshots) ->
                begin(Assignment.withRecord(app(snapshots.partition()), committed, progress, snapshots)));
    }

    /** One line for each partition that has waited long for its progress record. */
    List<String> problems() {
        return awaited.problems();
    }

    private void begin(TopicPartition partition, long position, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            begunAtBeginning.put(partition, nanoTime.getAsLong());
        }
        if (committed != null && awaited.read(partition, committed)) {
            return;
        }
        begin(new Assignment(partition, app(partition), position, committed, awaited.without(partition)));
    }

    private AppWindows app(TopicPartition partition) {
        ConsumedApp consumed = Objects.requireNonNull(topics.get(partition.topic()));
        return Objects.requireNonNull(apps.get(consumed.appId()));
    }

    private void begin(Assignment assignment) {
        TopicPartition partition = assignment.partition();
        current.put(partition, assignment);
        byApp.computeIfAbsent(assignment.app(), unused -> new LinkedHashSet<>()).add(assignment);
        active.add(assignment);
        consumer.seek(partition, assignment.next());
        if (assignment.isAnybodyInStep()) {
            consumer.resume(List.of(partition));
        } else {
            assignment.paused(Assignment.Pause.FULL);
        }
    }

    /**
     * Handles fetch positions that the logs do not hold, or no longer hold. The partitions are not read until Kafka has
     * told their log start and end offsets, and {@link #reposition} has moved them.
     *
     * @param diverging where a log is known to have been truncated
     */
    void outOfRange(Map<TopicPartition, Long> offsets, Map<TopicPartition, OffsetAndMetadata> diverging) {
        offsets.keySet().forEach(partition -> {
            Assignment assignment = current.get(partition);
            if (assignment != null) {
                OffsetAndMetadata cut = diverging.get(partition);
                repositioning.add(assignment, cut == null ? Long.MAX_VALUE : cut.offset());
                active.add(assignment);
                consumer.pause(List.of(partition)); // at once: the next poll would fail for this partition, too
            }
        });
    }

    /**
     * Moves partitions whose logs did not hold the fetch position: to the log start offset, or to where the log was
     * truncated.
     *
     * @return the assignments that ended with that
     */
    List<Assignment> reposition(TopicIds topicIds) {
        List<Assignment> ended = new ArrayList<>();
        repositioning.step((assignment, range, place) -> {
            active.add(assignment);
            long end = Math.min(place.cut(), range.end());
            if (assignment.next() <= end) {
                beginsAt(assignment, range.beginning());
                return true;
            }
            String topic = assignment.partition().topic();
            if (topicIds.lookedSince(topic, place.since())) {
                Long begun = begunAtBeginning.get(assignment.partition());
                boolean another = begun != null && topicIds.mayBeAnotherSince(topic, begun);
                ended.addAll(another ? beginAnew(List.of(assignment.partition())) : cut(assignment, end));
                return true;
            }
            if (nanoTime.getAsLong() - place.since() < LONGEST_LOOK.toNanos()) {
                return false; // the topic may have been deleted and recreated
            }
            ended.addAll(beginAnew(List.of(assignment.partition())));
            return true;
        });
        return ended;
    }

    /**
     * Handles a truncated log of the same topic: records before the truncation that were delivered are not delivered
     * again.
     */
    private List<Assignment> cut(Assignment assignment, long end) {
        TopicPartition partition = assignment.partition();
        log.error(
                "{}@{}: the log was cut at {}, as by an unclean leader election or a broker that lost its disk: {} records are"
                        + " gone; goes on at {}, what lies before and was not delivered still is",
                partition,
                assignment.next(),
                end,
                assignment.next() - end,
                end);
        meters.truncated(assignment.appId());
        PartitionProgress progress = assignment.progressBefore(end);
        AppWindows app = app(partition);
        Long begun = begunAtBeginning.get(partition);
        List<Assignment> ended = end(List.of(partition));
        if (begun != null) {
            begunAtBeginning.put(partition, begun);
        }
        begin(Assignment.continuing(assignment, app, end, progress));
        return ended;
    }

    /**
     * Handles a topic that was deleted and recreated: offsets of the old topic mean nothing in the new one.
     *
     * @param old a time at which the topic surely still was the old one, by the monotonic clock
     * @return the assignments that ended with that
     */
    List<Assignment> madeAnew(String topic, long old) {
        List<TopicPartition> stale = Stream.concat(current.keySet().stream(), awaited.partitions().stream())
                .filter(partition -> partition.topic().equals(topic))
                // Kafka deletes committed offsets with the topic: a partition that began without one began in the new
                // topic
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
        return beginAnew(stale);
    }

    /** Begins partitions of a recreated topic at the log start offset, ignoring the committed offsets. */
    private List<Assignment> beginAnew(List<TopicPartition> partitions) {
        List<Assignment> ended = end(partitions);
        log.error("{} begin anew where their logs begin, what was read of them is delivered again", partitions);
        placement.addAnew(partitions);
        park(partitions);
        return ended;
    }

    /** Looks, now and then, for records that retention deleted in partitions with a backlog; does not wait. */
    void lookAtRetention() {
        logStart.step(
                () -> current.values().stream()
                        .filter(Assignment::isAnybodyLeft)
                        .map(Assignment::partition)
                        .toList(),
                (partition, beginning) -> {
                    Assignment assignment = current.get(partition);
                    if (assignment != null) {
                        beginsAt(assignment, beginning);
                    }
                });
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

    /**
     * Ends revoked partitions.
     *
     * @return the assignments that ended
     */
    List<Assignment> end(Collection<TopicPartition> partitions) {
        List<Assignment> ended = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            placement.removeIf(partition::equals);
            awaited.removeIf(partition::equals);
            begunAtBeginning.remove(partition);
            Assignment assignment = current.remove(partition);
            if (assignment != null) {
                assignment.end();
                byApp.computeIfPresent(assignment.app(), (app, ofApp) -> {
                    ofApp.remove(assignment);
                    return ofApp.isEmpty() ? null : ofApp;
                });
                active.remove(assignment);
                ended.add(assignment);
            }
        }
        return ended;
    }

    List<Assignment> endAll() {
        return end(List.copyOf(current.keySet()));
    }

    boolean isSubscribed(String topic) {
        return topics.containsKey(topic);
    }

    @Nullable
    Assignment current(TopicPartition partition) {
        return current.get(partition);
    }

    @Override
    public Collection<Assignment> all() {
        return current.values();
    }

    /** The fetch position of each partition. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        current.forEach((partition, assignment) -> positions.put(partition, assignment.next()));
        return positions;
    }

    /** Marks a partition as active: the next scans look at it. */
    @Override
    public void touched(Assignment assignment) {
        active.add(assignment);
    }

    /**
     * Marks a partition as active after a poll brought records of it. If an address of the app has used all its memory,
     * all partitions of the app are active: an idle one must be paused, too, since its next record would exceed the
     * bound.
     */
    void brought(Assignment assignment) {
        active.add(assignment);
        if (assignment.app().isAnyFull()) {
            active.addAll(byApp.getOrDefault(assignment.app(), Set.of()));
        }
    }

    /** Partitions with something to commit, to finish or to resume. */
    @Override
    public Set<Assignment> active() {
        return active;
    }

    @Override
    public boolean busy() {
        return !active.isEmpty();
    }

    @Override
    public Collection<AppWindows> apps() {
        return apps.values();
    }
}
