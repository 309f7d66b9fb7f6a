package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one consumer of a dispatcher: polls, hands over, commits, pauses and resumes. It never waits for a callback, but for
 * the bounded moment in which a partition is given away.
 */
@CalledOn("dispatch-consumer")
public final class ConsumerLoop implements Role {
    private static final Logger log = LogManager.getLogger(ConsumerLoop.class);

    /** What the loop hands records to. */
    public interface Records extends Demand {
        /** Takes a record for those who want it now; must not block. {@link #accepted} follows before anything else. */
        void accept(ConsumerRecord<byte[], byte[]> record, Reading reading);

        /** What was taken may go out: no more of its partition comes just now. */
        void accepted();

        /** Drops, by {@link Receipt#unload}, what of an address and assignment has not gone out. */
        void unload(Assignment assignment, long address);

        /**
         * Drops, by {@link Receipt#unload}, what of an assignment and an address that changed or goes is not out. Again and
         * again, until {@link #retired}.
         */
        void retire(Assignment assignment, long address);

        /** Whether a call is out of the address as it was, be it of a partition that was taken away meanwhile. */
        boolean isOut(long address);

        /** Nothing is in memory or out any more of the address as it was; it may be served as it is now. */
        void retired(long address);

        /** The same of all addresses but these. */
        void retiredBut(Set<Long> addresses);

        /** Drops what of these assignments has not gone out yet: they have ended. */
        void withdraw(Collection<Assignment> ended);

        /** Ends early what of these assignments is out. */
        void cancel(Collection<Assignment> ended);
    }

    private static final Duration IDLE_POLL = Duration.ofMillis(100);
    /** While something may be done, paused or committed at any moment. */
    private static final Duration BUSY_POLL = Duration.ofMillis(5);

    /** While the catch-up consumer brings records, or nobody but who has had a turn may have more. */
    private static final Duration SHORT_POLL = Duration.ofMillis(1);

    /** Deliveries of one address in one partition. */
    private static final int MAX_WINDOW = 10_000;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    /** For what is out when a partition goes to another dispatcher. */
    private static final Duration REVOKE_PATIENCE = Duration.ofSeconds(5);

    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(2);

    // process
    private final Consumer<byte[], byte[]> consumer;
    /** What is to be subscribed to, and the app of each topic. */
    private final Map<String, ConsumedApp> topics;

    private final Records records;
    private final Duration grace;
    private final TopicIds topicIds;
    private final Assignments assignments;
    private final CatchUp catchUp;
    private final AppChanges changes;
    private final ConsumerMeters meters;
    private final Backpressure backpressure;
    private final Commits commits;
    private final ConsumerState state;
    private final Coordinator coordinator;
    private long catchUpFrom = System.nanoTime();

    /**
     * What the loop must keep within.
     *
     * @param maxBuffered bytes of messages held in memory
     * @param grace how long the end of the process waits for what is out
     */
    public record Bounds(long maxBuffered, Duration grace) {}

    /**
     * The clients of Kafka that the loop owns.
     *
     * @param group member of the dispatchers' group
     * @param readers gives a consumer without a group
     * @param topicIds asks for what Kafka calls topics itself
     * @param logEnds asks how far topics reach
     */
    public record Consumers(
            Consumer<byte[], byte[]> group,
            Supplier<Consumer<byte[], byte[]>> readers,
            TopicIds.Source topicIds,
            LogEnds.Source logEnds) {}

    /**
     * @param topics what to consume, and the app of each topic
     * @param clock for the age of messages
     * @param heartbeat told when Kafka has answered
     */
    public ConsumerLoop(
            Consumers consumers,
            Map<String, ConsumedApp> topics,
            Records records,
            Bounds bounds,
            ConsumerMeters meters,
            Clock clock,
            Heartbeat heartbeat) {
        this.consumer = consumers.group();
        this.topics = new LinkedHashMap<>(topics);
        this.records = records;
        this.grace = bounds.grace();
        Room room = new Room(MAX_WINDOW, records);
        this.topicIds = new TopicIds(consumers.topicIds(), this.topics.keySet(), System::nanoTime);
        this.meters = meters;
        this.assignments = new Assignments(consumer, this.topics, bounds.maxBuffered(), meters);
        this.changes = new AppChanges(this.topics, assignments, records, this::topicsChanged);
        this.catchUp = new CatchUp(consumers.readers(), assignments, room, records);
        this.backpressure = new Backpressure(consumer, new Balance(room, records::unload), System::nanoTime);
        this.coordinator = new Coordinator(consumer);
        this.commits = new Commits(consumer, assignments, System::nanoTime);
        Measurements measurements = new Measurements(
                consumer, new LogEnds(consumers.logEnds()), assignments, room, meters, clock, System::nanoTime);
        this.state = new ConsumerState(consumer, measurements, clock, heartbeat);
    }

    /** One line for people; null: the dispatcher is a member of its group and Kafka answers. Any thread. */
    public @Nullable String whyNotReady() {
        return state.whyNotReady();
    }

    @Override
    public void start() {
        meters.consumed(new LinkedHashSet<>(topics.values()));
        records.retiredBut(Set.of());
        consumer.subscribe(topics.keySet(), new Rebalances());
    }

    /**
     * Goes over to another configuration, between two steps; what is out of it ends meanwhile.
     *
     * @param next what to consume, at least one topic, and the app of each
     * @param changed the addresses, by {@link AddressKey}, to which calls are made on other terms than before
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
            consumer.subscribe(topics.keySet(), new Rebalances());
        }
    }

    @Override
    public void step() throws InterruptedException {
        try {
            topicIds.madeAnew().forEach((topic, old) -> records.withdraw(assignments.madeAnew(topic, old)));
            assignments.place();
            boolean brought = poll();
            changes.step();
            catchUp();
            assignments.lookAtRetention();
            backpressure.pauseAndResume(assignments, brought);
            commits.commit();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            state.failed(e);
            backpressure.pollFailed();
            goOn();
            Thread.sleep(AFTER_FAILURE.toMillis());
        }
    }

    /** One record that cannot be read may fail every poll: what was delivered is stored all the same, and the rest goes on. */
    private void goOn() {
        try {
            changes.step();
            backpressure.pauseAndResume(assignments, false);
            commits.commit();
            catchUp();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            log.debug("this failed as well: {}", e.getMessage());
        }
    }

    /** A backlog that cannot be read holds up nobody but those that are behind. */
    private void catchUp() {
        if (System.nanoTime() - catchUpFrom < 0) {
            return;
        }
        try {
            catchUp.step();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            state.failed(e);
            catchUpFrom = System.nanoTime() + AFTER_FAILURE.toNanos();
        }
    }

    private boolean poll() {
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(patience());
            // after a silence a poll returns before Kafka has said that the partitions are gone
            state.polled(state.isStale() ? commits.confirm(assignments.all()) : coordinator.hasAnswered());
            for (TopicPartition partition : polled.partitions()) {
                handOver(partition, polled.records(partition));
            }
            return !polled.isEmpty();
        } catch (OffsetOutOfRangeException e) {
            records.withdraw(assignments.outOfRange(e.offsetOutOfRangePartitions()));
            return false;
        } catch (KafkaException e) {
            if (Refetch.helps(e)) {
                Refetch.everything(consumer, assignments.positions());
            }
            throw e;
        }
    }

    private Duration patience() {
        if (catchUp.isReading() || backpressure.isTakingTurns()) {
            return SHORT_POLL;
        }
        return assignments.busy() || changes.isUnderWay() ? BUSY_POLL : IDLE_POLL;
    }

    private void handOver(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled) {
        Assignment assignment = assignments.current(partition);
        if (assignment == null) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            assignment.readUpTo(record.offset() + 1);
            records.accept(
                    record, new Reading(assignment, null, record.offset(), record.timestamp(), RecordSize.of(record)));
        }
        records.accepted();
        assignment.brought(polled.size());
        assignments.touched(assignment);
    }

    @Override
    public void close() throws InterruptedException {
        List<Assignment> ended = assignments.endAll();
        giveAway(ended, grace);
        commits.commitNow(ended);
        catchUp.close();
        meters.consumed(Set.of()); // nobody measures any more
        consumer.close(CloseOptions.timeout(LEAVE_PATIENCE));
        log.info("left the consumer group");
    }

    /** What goes out now may end; what waits is another's. */
    private void giveAway(List<Assignment> ended, Duration patience) throws InterruptedException {
        records.withdraw(ended);
        long deadline = System.nanoTime() + patience.toNanos();
        boolean quiet = true;
        for (Assignment assignment : ended) {
            quiet &= assignment.awaitQuiet(deadline - System.nanoTime());
        }
        if (!quiet) {
            log.warn("calls were still out after {} s and are ended; they will be repeated", patience.toSeconds());
            records.cancel(ended);
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assignments.assigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<Assignment> ended = assignments.end(partitions);
            try {
                giveAway(ended, REVOKE_PATIENCE.compareTo(grace) < 0 ? REVOKE_PATIENCE : grace);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            commits.commitNow(ended);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            // they are another's already: nothing may be committed for them
            List<Assignment> ended = assignments.end(partitions);
            records.withdraw(ended);
            records.cancel(ended);
            if (!ended.isEmpty()) {
                log.warn(
                        "{} partitions were lost to other dispatchers; what was out will be repeated there",
                        ended.size());
            }
        }
    }
}
