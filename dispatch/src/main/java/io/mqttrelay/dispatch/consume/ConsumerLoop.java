package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.dispatch.flow.Backpressure;
import io.mqttrelay.dispatch.flow.FetchBuffer;
import io.mqttrelay.dispatch.flow.LaneBlocking;
import io.mqttrelay.dispatch.flow.PausePolicy;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.member.MemberReference;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.observe.ConsumerState;
import io.mqttrelay.dispatch.observe.EndOffsets;
import io.mqttrelay.dispatch.observe.Measurements;
import io.mqttrelay.dispatch.place.LogRanges;
import io.mqttrelay.dispatch.place.TopicIds;
import io.mqttrelay.dispatch.position.Destinations;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.progress.ProgressStore;
import io.mqttrelay.dispatch.reload.AppChanges;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The consumer of a dispatcher: polls, hands records over, commits offsets, pauses and resumes partitions. It never
 * waits for a callback, except for a bounded time when a partition is given away.
 */
@CalledOn("dispatch-consumer")
public final class ConsumerLoop implements Role {
    private static final Logger log = LogManager.getLogger(ConsumerLoop.class);

    /** Takes the records that the loop reads. */
    public interface Records {
        /**
         * Takes a record for the addresses that need it now; must not block. {@link #accepted} follows before any other
         * call.
         */
        void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context);

        /** Releases the accepted records: no more records of their partition come just now. */
        void accepted();

        /** The addresses that the records go to. */
        Destinations destinations();
    }

    private static final Duration IDLE_POLL = Duration.ofMillis(100);
    /** While deliveries may end, or a pause or commit may be due, at any moment. */
    private static final Duration BUSY_POLL = Duration.ofMillis(5);

    /** While the catch-up consumer reads, or partitions wait until the others have had their turn. */
    private static final Duration SHORT_POLL = Duration.ofMillis(1);

    /** For the calls in flight of quick addresses when the process leaves the group. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(2);

    /** Least time between two counts of the blocked lanes' deliveries in memory. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    /** The topics to subscribe to, and the app of each. */
    private final Map<String, ConsumedApp> topics;

    private final Destinations destinations;
    private final Bounds bounds;
    private final ConsumerTime time;
    private final TopicIds topicIds;
    private final Assignments assignments;
    private final CatchUp catchUp;
    private final AppChanges changes;
    private final ConsumerMeters meters;
    private final Backpressure backpressure;
    private final Handover handover;
    private final GroupReader reader;
    private final LoopStep poll;
    private final List<LoopStep> steps;

    /**
     * The limits of the loop.
     *
     * @param maxBuffered bytes of messages held in memory
     * @param maxWindow deliveries of one address in one partition held in memory
     * @param rebalanceWait how long calls in flight may take to end before their partitions are given away
     * @param grace how long the end of the process waits for calls in flight
     */
    public record Bounds(long maxBuffered, int maxWindow, Duration rebalanceWait, Duration grace) {}

    /**
     * The Kafka clients that the loop owns.
     *
     * @param group member of the dispatchers' group
     * @param member configured in the group's assignor
     * @param readers makes a consumer without a group
     * @param topicIds asks Kafka for topic ids
     * @param endOffsets asks for end offsets
     * @param logRanges asks for log start and end offsets
     * @param progress keeps progress that does not fit into commits
     */
    public record Consumers(
            Consumer<byte[], byte[]> group,
            MemberReference member,
            Supplier<Consumer<byte[], byte[]>> readers,
            TopicIds.Source topicIds,
            EndOffsets.Source endOffsets,
            LogRanges.Source logRanges,
            ProgressStore progress) {}

    /**
     * @param topics to consume, and the app of each
     * @param heartbeat told when Kafka has answered
     */
    public ConsumerLoop(
            Consumers consumers,
            Map<String, ConsumedApp> topics,
            Records records,
            Bounds bounds,
            ConsumerMeters meters,
            ConsumerTime time,
            Heartbeat heartbeat) {
        this.consumer = consumers.group();
        this.topics = new LinkedHashMap<>(topics);
        this.destinations = records.destinations();
        this.bounds = bounds;
        this.time = time;
        LongSupplier nanoTime = time.nanoTime();
        WindowPolicy policy = new WindowPolicy(bounds.maxWindow(), destinations, nanoTime, BETWEEN_LOOKS);
        this.topicIds = new TopicIds(consumers.topicIds(), this.topics.keySet(), nanoTime);
        this.meters = meters;
        this.assignments = new Assignments(
                consumer,
                consumers.logRanges(),
                this.topics,
                bounds.maxBuffered(),
                meters,
                nanoTime,
                consumers.progress());
        this.changes = new AppChanges(this.topics, assignments, destinations, this::topicsChanged);
        this.catchUp = new CatchUp(consumers.readers(), assignments, policy, records, nanoTime);
        FetchBuffer fetched = new FetchBuffer(consumer, nanoTime);
        this.backpressure = new Backpressure(
                consumer,
                new LaneBlocking(policy, destinations),
                new PausePolicy(policy, destinations),
                fetched,
                nanoTime);
        OffsetCommitter committer = new OffsetCommitter(consumer, assignments, nanoTime);
        this.handover =
                new Handover(consumer, assignments, destinations, committer, heartbeat, bounds.rebalanceWait(), time);
        consumers.member().is(handover);
        Measurements measurements = new Measurements(
                consumer, new EndOffsets(consumers.endOffsets()), assignments, policy, meters, time.wall(), nanoTime);
        ConsumerState state = new ConsumerState(consumer, measurements, time.wall(), heartbeat);
        this.reader = new GroupReader(consumer, assignments, records, state, committer, fetched, nanoTime);
        this.poll = step("poll", () -> reader.poll(patience()));
        PassedMarkers markers =
                new PassedMarkers(consumer, assignments::all, assignments::touched, reader::hasHandedOver, nanoTime);
        this.steps = List.of(
                step("look for topics that were made anew", this::lookForTopicsMadeAnew),
                step("placing partitions", assignments::place),
                step("moving partitions", () -> destinations.withdraw(assignments.reposition(topicIds))),
                step("quarantine", this::lookAtQuarantine),
                poll,
                step("transaction markers", markers::step),
                step("configuration", changes::step),
                step("hand-over", handover::step),
                step("catch-up", catchUp::step),
                step("look at retention", assignments::lookAtRetention),
                step("back-pressure", () -> backpressure.pauseAndResume(assignments, reader.brought())),
                step("fetch buffer", fetched::trim),
                step("offset commit", committer::commit));
    }

    private LoopStep step(String name, LoopStep.Task task) {
        return new LoopStep(name, task, time.nanoTime());
    }

    /** One line for people; null: the dispatcher is a member of its group and Kafka answers. Any thread. */
    public @Nullable String whyNotReady() {
        String why = reader.whyNotReady();
        return why != null ? why : poll.problem();
    }

    /** One line for each partition or task that fails while everything else goes on. Any thread. */
    public List<String> degraded() {
        List<String> degraded = new ArrayList<>(reader.problems());
        degraded.addAll(catchUp.problems());
        degraded.addAll(assignments.problems());
        steps.stream().map(LoopStep::problem).filter(Objects::nonNull).forEach(degraded::add);
        return degraded;
    }

    /** Topics that Kafka has refused since the last call: they must not be consumed until Kafka allows it again. */
    @CalledOn("dispatch-consumer")
    public Map<String, String> takeRefused() {
        return reader.takeRefused();
    }

    @Override
    public void start() {
        meters.consumed(new LinkedHashSet<>(topics.values()));
        destinations.switchOverAllBut(Set.of());
        consumer.subscribe(topics.keySet(), handover);
    }

    /**
     * Applies another configuration, between two steps; calls in flight end meanwhile.
     *
     * @param next topics to consume, at least one, and the app of each
     * @param changed the addresses, by {@code AddressKey}, whose calls are made with other settings than before
     */
    @CalledOn("dispatch-consumer")
    public void change(Map<String, ConsumedApp> next, Set<Long> changed) {
        changes.begin(next, changed);
    }

    private void topicsChanged() {
        assignments.shareOut();
        catchUp.startOver();
        meters.consumed(new LinkedHashSet<>(topics.values()));
        if (!consumer.subscription().equals(topics.keySet())) {
            consumer.subscribe(topics.keySet(), handover);
        }
    }

    /** Runs every task that is due. A task that fails prevents no other. */
    @Override
    public void step() throws InterruptedException {
        reader.beginStep();
        for (LoopStep step : steps) {
            step.run();
        }
        if (!reader.hasPolled()) {
            time.waits().sleep(BUSY_POLL); // nothing else in this step has waited
        }
    }

    private void lookForTopicsMadeAnew() {
        topicIds.madeAnew().forEach((topic, old) -> destinations.withdraw(assignments.madeAnew(topic, old)));
    }

    private void lookAtQuarantine() {
        reader.lookAtQuarantine();
        catchUp.lookAtQuarantine();
        assignments
                .apps()
                .forEach(app -> meters.unreadable(app.appId(), reader.unreadable(app) + catchUp.unreadable(app)));
    }

    private Duration patience() {
        if (catchUp.isReading() || backpressure.isTakingTurns()) {
            return SHORT_POLL;
        }
        return assignments.busy() || changes.isUnderWay() ? BUSY_POLL : IDLE_POLL;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() throws InterruptedException {
        try {
            drain();
        } finally {
            leave();
        }
    }

    /**
     * Serves quick addresses until the calls of the slow ones have ended: no other dispatcher takes the partitions over
     * before.
     */
    private void drain() throws InterruptedException {
        long deadline =
                time.nanoTime().getAsLong() + bounds.grace().minus(LAST_CALLS).toNanos();
        handover.leave();
        while (handover.isWaitingToLeave() && time.nanoTime().getAsLong() - deadline < 0) {
            step();
        }
    }

    private void leave() throws InterruptedException {
        handover.giveAway(assignments.endAll(), min(LAST_CALLS, bounds.grace()));
        catchUp.close();
        meters.consumed(Set.of()); // nothing is measured any more
        consumer.close(CloseOptions.timeout(LEAVE_PATIENCE));
        log.info("left the consumer group");
    }
}
