package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which offsets are committed and when, with answers of Kafka that a healthy broker does not give. */
final class OffsetCommitterTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    /** Keeps commits open until the test answers them. */
    private static final class Answering extends MockConsumer<byte[], byte[]> {
        final List<Long> sent = new ArrayList<>();
        final List<OffsetCommitCallback> open = new ArrayList<>();

        @Nullable
        RuntimeException throwing;

        String refused = "";
        String unknown = "";
        Duration waited = Duration.ZERO;
        boolean refusing;
        long confirmed;

        Answering() {
            super("none");
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            if (throwing != null) {
                throw throwing;
            }
            sent.add(offsets.get(PARTITION).offset());
            open.add(callback);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (refusing) {
                throw new CommitFailedException("simulated");
            }
            if (offsets.keySet().stream().anyMatch(each -> each.topic().equals(refused))) {
                throw new TopicAuthorizationException(Set.of(refused));
            }
            if (offsets.keySet().stream().anyMatch(each -> each.topic().equals(unknown))) {
                waited = waited.plus(timeout);
                throw new TimeoutException("simulated");
            }
            confirmed = offsets.get(PARTITION).offset();
        }

        void answer(Exception failure) {
            open.remove(0).onComplete(Map.of(), failure);
        }
    }

    private final Answering consumer = new Answering();
    private static final long KEY = 7;
    private static final ConsumedApp APP = TestApps.app("app", KEY);
    private final Assignments assignments = new Assignments(
            consumer,
            TestApps.ranges(consumer),
            Map.of("t", APP),
            1 << 20,
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP)),
            System::nanoTime);
    private final Assignment other =
            TestApps.assignment(new TopicPartition("other", 0), TestApps.windows(TestApps.app("other", KEY)), 0, null);
    private long nanos;
    private final OffsetCommitter committer = new OffsetCommitter(consumer, assignments, () -> nanos);

    private void commit() {
        nanos += TimeUnit.SECONDS.toNanos(1);
        committer.commit();
    }

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 10L));
        consumer.updateEndOffsets(Map.of(PARTITION, 10L));
        assignments.assigned(List.of(PARTITION));
        assignments.place();
    }

    private OffsetState received(long offset) {
        Assignment assignment = assignments.current(PARTITION);
        assignments.touched(assignment);
        return TestApps.read(assignment, offset, 1, KEY);
    }

    @Test
    void commitsTheFirstOffsetOfANewPartitionAtOnce() {
        commit();

        assertThat(consumer.sent).containsExactly(10L);
    }

    @Test
    void oneCommitIsInFlightAtATime() {
        OffsetState first = received(10);
        OffsetState second = received(11);
        commit();
        first.done();
        commit();
        second.done();
        commit();
        assertThat(consumer.sent).containsExactly(10L);

        consumer.answer(null);
        commit();
        assertThat(consumer.sent).containsExactly(10L, 12L);
    }

    @Test
    void waitsBetweenTwoCommits() {
        OffsetState first = received(10);
        commit();
        consumer.answer(null);
        first.done();
        nanos += TimeUnit.MILLISECONDS.toNanos(19);
        committer.commit();
        assertThat(consumer.sent).containsExactly(10L);

        nanos += TimeUnit.MILLISECONDS.toNanos(1);
        committer.commit();
        assertThat(consumer.sent).containsExactly(10L, 11L);
    }

    private void commitSoonAfter() {
        nanos += TimeUnit.MILLISECONDS.toNanos(20);
        committer.commit();
    }

    @Test
    void scansChangedPartitionsAndAllOnceASecond() {
        OffsetState first = received(10);
        commit();
        consumer.answer(null);
        first.done();
        assertThat(assignments.current(PARTITION).takeChanged()).isTrue(); // the mark is lost
        commitSoonAfter();
        assertThat(consumer.sent).containsExactly(10L);

        commit();
        assertThat(consumer.sent).containsExactly(10L, 11L);
    }

    @Test
    void aFailedAttemptIsAChange() {
        OffsetState first = received(10);
        commit();
        consumer.answer(null);
        commitSoonAfter();
        assertThat(consumer.sent).hasSize(1);

        first.tried(new Tried(1, 0));
        commitSoonAfter();
        assertThat(consumer.sent).containsExactly(10L, 10L);
    }

    @Test
    void aCommitThatFailedIsTriedAgain() {
        OffsetState first = received(10);
        commit();
        consumer.answer(null);
        first.done();
        commitSoonAfter();
        consumer.answer(new TimeoutException("simulated"));
        commitSoonAfter();
        assertThat(consumer.sent).containsExactly(10L, 11L, 11L);
    }

    @Test
    void commitsAtOnceAfterAQuietTime() {
        OffsetState first = received(10);
        commit();
        consumer.answer(null);
        nanos += TimeUnit.SECONDS.toNanos(1);
        committer.commit();
        first.done();
        committer.commit();
        assertThat(consumer.sent).containsExactly(10L, 11L);
    }

    @Test
    void aCommitThatFailedIsSentAgain() {
        commit();
        consumer.answer(new TimeoutException("simulated"));
        commit();
        consumer.answer(null);
        commit();

        assertThat(consumer.sent).containsExactly(10L, 10L);
    }

    @Test
    void forbiddenTopicLeavesOtherCommitsAlone() {
        commit();
        consumer.answer(new TopicAuthorizationException(Set.of("other")));
        commit();
        assertThat(consumer.sent).containsExactly(10L);
    }

    @Test
    void aForbiddenTopicIsSentAgain() {
        commit();
        consumer.answer(new TopicAuthorizationException(Set.of("t")));
        commit();
        assertThat(consumer.sent).containsExactly(10L, 10L);
    }

    @Test
    void aRefusalThrownBySendingDelaysNoCommit() {
        consumer.throwing = new TopicAuthorizationException(Set.of("other"));
        commit();
        consumer.throwing = null;
        commitSoonAfter();
        assertThat(consumer.sent).containsExactly(10L);
    }

    @Test
    void aRefusedTopicDoesNotKeepOthersFromBeingConfirmed() {
        Assignment held = assignments.current(PARTITION);
        consumer.refused = "other";

        assertThat(committer.confirm(List.of(held, other))).isTrue();
        assertThat(consumer.confirmed).isEqualTo(10);
        assertThat(committer.confirm(List.of(other))).isFalse();
    }

    private void failForAnUnknownTopic() {
        consumer.unknown = "other";
        commit();
        consumer.answer(new RetriableCommitFailedException(new UnknownTopicOrPartitionException("simulated")));
    }

    @Test
    void aDeletedTopicDelaysThoseThatAreGivenAwayForAMomentOnly() {
        failForAnUnknownTopic();
        committer.commitNow(List.of(assignments.current(PARTITION), other));
        assertThat(consumer.waited).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aDeletedIdleTopicDoesNotKeepOthersUnconfirmed() {
        consumer.unknown = "other";
        for (int times = 0; times < 3; times++) {
            assertThat(committer.confirm(List.of(assignments.current(PARTITION), other)))
                    .isTrue();
        }
        assertThat(consumer.waited).as("5 s once").isLessThanOrEqualTo(Duration.ofSeconds(5 + 3));
    }

    @Test
    void aDeletedTopicDoesNotKeepOthersFromBeingConfirmed() {
        failForAnUnknownTopic();
        assertThat(committer.confirm(List.of(assignments.current(PARTITION), other)))
                .isTrue();
        assertThat(consumer.confirmed).isEqualTo(10);
        assertThat(consumer.waited).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(committer.confirm(List.of(other))).isFalse();
    }

    @Test
    void commitsBeforeAPartitionIsGivenAway() {
        received(10).done();
        committer.commitNow(assignments.endAll());
        assertThat(consumer.confirmed).isEqualTo(11);
    }

    @Test
    void commitsOffsetsAloneIfMetadataIsTooLarge() {
        commit();
        consumer.answer(new OffsetMetadataTooLarge("simulated"));
        commit();
        consumer.answer(null);
        commit();

        assertThat(consumer.sent).containsExactly(10L, 10L);
    }

    @Test
    void aCommitThatThrowsIsNotTheLast() {
        consumer.throwing = new KafkaException("simulated");
        try {
            commit();
        } catch (KafkaException e) {
            assertThat(e).hasMessage("simulated");
        }
        consumer.throwing = null;
        commit();

        assertThat(consumer.sent).containsExactly(10L);
    }

    @Test
    void anIdlePartitionIsNotScannedUntilItIsTouched() {
        commit();
        consumer.answer(null);
        commit();
        assertThat(assignments.busy()).isFalse();

        OffsetState state = received(15);
        commit(); // the gap before it
        consumer.answer(null);
        commit();
        assertThat(assignments.busy()).isTrue();
        state.done();
        commit();
        assertThat(consumer.sent).containsExactly(10L, 15L, 16L);
    }

    @Test
    void scansAPartitionWithAnAddressBehind() {
        commit();
        consumer.answer(null);
        Assignment assignment = assignments.current(PARTITION);
        Cursor behind = assignment.cursor(KEY);
        behind.fallBehind(assignment.next()); // as when other addresses hold all the memory
        commit();
        assertThat(assignments.busy()).isTrue();

        TestApps.meet(assignment);
        commit();
        assertThat(assignments.busy()).isFalse();
    }

    @Test
    void aRefusedCommitDoesNotConfirmOwnership() {
        assertThat(committer.confirm(assignments.all())).isTrue();
        assertThat(consumer.confirmed).isEqualTo(10);

        consumer.refusing = true;
        assertThat(committer.confirm(assignments.all())).isFalse();
        consumer.refusing = false;
        assertThat(committer.confirm(List.of())).as("nothing was asked").isFalse();
    }

    @Test
    void aLateCommitOfAnEndedAssignmentIsIgnored() {
        OffsetState state = received(10);
        state.done();
        commit();
        List<Assignment> ended = assignments.endAll();
        consumer.answer(null);

        assertThat(ended).hasSize(1);
        assertThat(assignments.busy()).isFalse();
    }
}
