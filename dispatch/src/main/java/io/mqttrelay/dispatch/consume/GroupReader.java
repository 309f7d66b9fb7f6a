package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.flow.FetchBuffer;
import io.mqttrelay.dispatch.observe.ConsumerState;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.window.AppWindows;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Polls the group consumer and hands over the records. A failure of one partition or one topic sets that partition or
 * topic aside; only a failure of Kafka as a whole is thrown.
 */
@CalledOn("dispatch-consumer")
final class GroupReader {
    /** How long Kafka may answer requests from before a topic was unsubscribed. */
    private static final long LATE_ANSWERS = TimeUnit.SECONDS.toNanos(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;
    private final ConsumerLoop.Records records;
    private final ConsumerState state;
    private final OffsetCommitter committer;
    private final Coordinator coordinator;
    private final FetchBuffer fetched;
    private final Quarantine quarantine;
    private final UnreadableSearch search;
    private final Map<String, String> refused = new LinkedHashMap<>();
    /** Partitions of a poll that was not handed over completely: the records come again after a restart. */
    private final Set<TopicPartition> lost = new HashSet<>();

    private final LongSupplier nanoTime;

    /** Start of the last check for an answer of the coordinator, by the monotonic clock. */
    private long lookedAt;

    /** Time of the last completed poll, by the monotonic clock. */
    private long completedAt;

    private boolean hasPolled;
    private boolean brought;

    GroupReader(
            Consumer<byte[], byte[]> consumer,
            Assignments assignments,
            ConsumerLoop.Records records,
            ConsumerState state,
            OffsetCommitter committer,
            FetchBuffer fetched,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.records = records;
        this.state = state;
        this.committer = committer;
        this.coordinator = new Coordinator(consumer);
        this.fetched = fetched;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
        this.completedAt = lookedAt;
        this.quarantine = new Quarantine(this::setAside, nanoTime);
        this.search = new UnreadableSearch(consumer, this::handOver);
    }

    void beginStep() {
        hasPolled = false;
        brought = false;
    }

    /** Whether a poll completed in this step, and so took its time. */
    boolean hasPolled() {
        return hasPolled;
    }

    /** Whether a poll returned records in this step. */
    boolean brought() {
        return brought;
    }

    /** One line for people; null: the dispatcher is a member of its group and Kafka answers. Any thread. */
    @Nullable
    String whyNotReady() {
        return state.whyNotReady();
    }

    void poll(Duration patience) {
        try {
            pollOnce(patience);
        } catch (LogTruncationException e) {
            assignments.outOfRange(e.offsetOutOfRangePartitions(), e.divergentOffsets());
        } catch (OffsetOutOfRangeException e) {
            assignments.outOfRange(e.offsetOutOfRangePartitions(), Map.of());
        } catch (TopicAuthorizationException e) {
            refused(e.unauthorizedTopics(), e);
        } catch (InvalidTopicException e) {
            refused(e.invalidTopics(), e);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!UnreadableData.isReasonOf(e)) {
                throw e;
            }
            unreadable(e);
        }
    }

    private void pollOnce(Duration patience) {
        fetched.beforePoll();
        boolean polled = false;
        boolean any = false;
        try {
            ConsumerRecords<byte[], byte[]> batch = consumer.poll(fetched.isDropping() ? Duration.ZERO : patience);
            polled = true;
            any = !batch.isEmpty();
            lookWhetherMember();
            state.polled();
            handOverAll(batch);
        } finally {
            fetched.afterPoll(polled, any);
        }
        hasPolled = true;
        completedAt = nanoTime.getAsLong();
        brought |= any;
    }

    /**
     * Confirms that this process still is a member of the group. After a silence a poll returns before Kafka has said
     * that the partitions are revoked, so a commit asks. While no partition has begun, nothing can be committed. Then a
     * heartbeat response is enough: the next poll revokes partitions before it hands over records.
     */
    private void lookWhetherMember() {
        long before = lookedAt;
        lookedAt = nanoTime.getAsLong();
        boolean heard = coordinator.hasAnswered();
        boolean mustAsk = state.isStale() && !assignments.all().isEmpty();
        if (mustAsk ? committer.confirm(assignments.all()) : heard) {
            state.answeredAfter(mustAsk ? lookedAt : before);
        }
    }

    private void handOverAll(ConsumerRecords<byte[], byte[]> batch) {
        boolean done = false;
        try {
            handOver(batch, Set.of());
            done = true;
        } finally {
            if (!done) {
                lost.addAll(batch.partitions());
            }
        }
    }

    /**
     * Whether all records that polls have returned of this partition were handed over, so that the consumer's position
     * stands after them.
     */
    boolean hasHandedOver(Assignment assignment) {
        return !fetched.isDropping(assignment) && !lost.contains(assignment.partition());
    }

    private void handOver(ConsumerRecords<byte[], byte[]> polled, Set<TopicPartition> but) {
        for (TopicPartition partition : polled.partitions()) {
            Assignment assignment = assignments.current(partition);
            if (assignment != null && !but.contains(partition) && !fetched.isDropping(assignment)) {
                handOver(assignment, polled.records(partition));
            }
        }
    }

    private void handOver(Assignment assignment, List<ConsumerRecord<byte[], byte[]>> polled) {
        int bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            assignment.readUpTo(record.offset() + 1);
            bytes = RecordMemory.of(record);
            records.accept(record, new RecordContext(assignment, null, record.offset(), record.timestamp(), bytes));
        }
        records.accepted();
        fetched.brought(assignment, bytes);
        assignment.brought(polled.size());
        assignments.brought(assignment);
        quarantine.progressed(assignment, assignment.next());
    }

    private void refused(Set<String> topics, KafkaException refusal) {
        String reason = String.valueOf(refusal.getMessage());
        boolean ours = false;
        for (Assignment assignment : List.copyOf(assignments.all())) {
            if (topics.contains(assignment.partition().topic())) {
                quarantine.refused(assignment, assignment.next(), reason);
            }
        }
        for (String topic : topics) {
            if (assignments.isSubscribed(topic)) {
                ours = true;
                refused.put(topic, reason);
            }
        }
        if (!ours && nanoTime.getAsLong() - completedAt > LATE_ANSWERS) {
            throw refusal;
        }
    }

    /** Topics that Kafka has refused since the last call, and why. */
    Map<String, String> takeRefused() {
        Map<String, String> taken = Map.copyOf(refused);
        refused.clear();
        return taken;
    }

    private void unreadable(RuntimeException failure) {
        Optional<TopicPartition> partition = UnreadableData.partition(failure, consumer.assignment());
        if (partition.isEmpty()) {
            Map<TopicPartition, Long> positions = assignments.positions();
            positions.keySet().retainAll(consumer.assignment());
            partition = search.find(positions);
        }
        Assignment assignment = partition.map(assignments::current).orElse(null);
        if (assignment != null) {
            quarantine.failed(assignment, assignment.next(), String.valueOf(failure.getMessage()));
            fetched.dropUnreadable(assignment);
        }
    }

    private void setAside(Assignment assignment, boolean aside) {
        assignment.setAside(aside);
        assignments.touched(assignment);
        Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
        if (aside && assigned.contains(assignment.partition())) {
            consumer.pause(List.of(assignment.partition()));
        }
    }

    void lookAtQuarantine() {
        quarantine.step();
    }

    List<String> problems() {
        return quarantine.problems();
    }

    int unreadable(AppWindows app) {
        return quarantine.of(app.appId());
    }
}
