package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.flow.Backpressure;
import io.mqttrelay.dispatch.flow.FetchBuffer;
import io.mqttrelay.dispatch.flow.LaneBlocking;
import io.mqttrelay.dispatch.flow.PausePolicy;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which partitions are paused, when they are resumed, and which addresses are left behind. */
final class BackpressureTest {
    private static final TopicPartition ONE = new TopicPartition("one", 0);
    private static final TopicPartition TWO = new TopicPartition("two", 0);
    private static final long LONELY = 1;
    private static final long FAST = 2;
    private static final long SLOW = 3;
    private static final ConsumedApp APP_ONE = TestApps.app("one", LONELY);
    private static final ConsumedApp APP_TWO = TestApps.app("two", FAST, SLOW);
    private static final long MAX_BYTES = 12_000; // one busy address gets 3,000

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<OffsetState> inMemory = new ArrayList<>();
    private final Assignments assignments = new Assignments(
            consumer,
            TestApps.ranges(consumer),
            Map.of("one", APP_ONE, "two", APP_TWO),
            MAX_BYTES,
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP_ONE, APP_TWO)),
            System::nanoTime);
    private final Set<Long> provided = new HashSet<>();
    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}

        @Override
        public boolean hasEnough(long address) {
            return provided.contains(address);
        }

        @Override
        public void unload(Assignment assignment, long address) {
            inMemory.forEach(OffsetState::unload);
        }
    };
    private final WindowPolicy policy = new WindowPolicy(10_000, records, System::nanoTime, Duration.ofMillis(50));
    private long nanos;
    private final Backpressure backpressure = new Backpressure(
            consumer,
            new LaneBlocking(policy, records),
            new PausePolicy(policy, records),
            new FetchBuffer(consumer, () -> nanos),
            () -> nanos);
    private long next;

    @BeforeEach
    void assign() {
        consumer.assign(List.of(ONE, TWO));
        consumer.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L));
        consumer.updateEndOffsets(Map.of(ONE, 0L, TWO, 0L));
        assignments.assigned(List.of(ONE, TWO));
        assertThat(consumer.paused()).containsExactlyInAnyOrder(ONE, TWO);
        assignments.place();
        assertThat(consumer.paused()).isEmpty();
    }

    private List<OffsetState> received(TopicPartition partition, int count, int bytes, long key) {
        List<OffsetState> states = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            states.add(TestApps.read(assignments.current(partition), next++, bytes, key));
        }
        return states;
    }

    private Cursor cursor(long key) {
        return assignments.current(TWO).cursor(key);
    }

    @Test
    void anAppThatHoldsItsPartIsPausedAndNoOther() {
        List<OffsetState> states = received(ONE, 30, 100, LONELY);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        states.subList(0, 5).forEach(OffsetState::done);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        states.subList(5, 15).forEach(OffsetState::done);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void pausesIdlePartitionsOfAnAppWhoseMemoryIsFull() {
        TopicPartition idle = new TopicPartition("one", 1);
        consumer.assign(List.of(ONE, TWO, idle));
        consumer.updateBeginningOffsets(Map.of(idle, 0L));
        consumer.updateEndOffsets(Map.of(idle, 0L));
        assignments.assigned(List.of(idle));
        assignments.place();
        Assignment full = assignments.current(ONE);
        assignments.active().retainAll(Set.of(full)); // the others have nothing to commit
        received(ONE, 30, 100, LONELY);
        assignments.brought(full);

        backpressure.pauseAndResume(assignments, true);

        assertThat(consumer.paused()).containsExactlyInAnyOrder(ONE, idle);
    }

    @Test
    void aRecordLargerThanThePartGoesThroughAlone() {
        OffsetState large = received(ONE, 1, 1_000_000, LONELY).get(0);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        large.done();
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void everyAddressHasItsShareOfMemory() {
        received(ONE, 1, 1_000_000, LONELY);
        received(TWO, 9, 100, FAST); // of a twelfth
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        received(TWO, 1, 100, FAST);
        received(TWO, 10, 100, SLOW);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void tenThousandOpenRecordsOfOnePartitionAreEnough() {
        List<OffsetState> states = received(ONE, 10_000, 0, LONELY);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        states.subList(1, 5001).forEach(OffsetState::done);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void leavesAFullAddressBehind() {
        inMemory.addAll(received(TWO, 40, 100, SLOW));
        backpressure.pauseAndResume(assignments, true);

        assertThat(consumer.paused()).isEmpty();
        assertThat(cursor(SLOW).isInStep()).isFalse();
        assertThat(cursor(SLOW).open()).isZero();
        assertThat(cursor(FAST).isInStep()).isTrue();
        assertThat(assignments.current(TWO).standing().offset()).isZero();
    }

    @Test
    void pausesWithoutLeavingBehindIfAllAreFull() {
        received(TWO, 20, 100, SLOW);
        received(TWO, 20, 100, FAST);
        backpressure.pauseAndResume(assignments, true);

        assertThat(consumer.paused()).containsExactly(TWO);
        assertThat(cursor(SLOW).isInStep()).isTrue();
        assertThat(cursor(FAST).isInStep()).isTrue();
    }

    @Test
    void repeatsAPauseThatTheConsumerLost() {
        received(ONE, 30, 100, LONELY);
        backpressure.pauseAndResume(assignments, true);
        consumer.resume(List.of(ONE));
        backpressure.pauseAndResume(assignments, true);

        assertThat(consumer.paused()).containsExactly(ONE);
    }

    @Test
    void anEndedAssignmentReleasesItsMemory() {
        received(ONE, 30, 100, LONELY);
        backpressure.pauseAndResume(assignments, true);
        assignments.end(List.of(ONE));
        assignments.assigned(List.of(ONE));
        assignments.place();
        backpressure.pauseAndResume(assignments, true);

        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void pausesIfAllAddressesHaveEnough() {
        provided.add(LONELY);
        received(ONE, 1, 100, LONELY);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);
        assertThat(assignments.current(ONE).paused()).isEqualTo(Assignment.Pause.ENOUGH);

        provided.clear();
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void readsOnIfOneAddressHasNotEnough() {
        provided.add(FAST);
        received(TWO, 1, 100, FAST);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();

        provided.add(SLOW);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(TWO);
    }

    @Test
    void leavesNoAddressBehindForOneThatHasEnough() {
        provided.add(FAST);
        inMemory.addAll(received(TWO, 40, 100, SLOW));
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(TWO);
        assertThat(cursor(SLOW).isInStep()).isTrue();

        provided.clear();
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
        assertThat(cursor(SLOW).isInStep()).isFalse();
    }

    @Test
    void pauseReasonChangesFromFullToEnough() {
        List<OffsetState> states = received(ONE, 30, 100, LONELY);
        backpressure.pauseAndResume(assignments, true);
        assertThat(assignments.current(ONE).paused()).isEqualTo(Assignment.Pause.FULL);

        provided.add(LONELY);
        states.subList(0, 15).forEach(OffsetState::done);
        backpressure.pauseAndResume(assignments, true);
        assertThat(assignments.current(ONE).paused()).isEqualTo(Assignment.Pause.ENOUGH);
        assertThat(consumer.paused()).containsExactly(ONE);
    }

    private void backlog(TopicPartition partition, long records) {
        consumer.updateEndOffsets(Map.of(partition, records));
    }

    @Test
    void partitionsWithABacklogTakeTurns() {
        backlog(ONE, 1000);
        backlog(TWO, 1000);
        received(ONE, 1, 100, LONELY);
        received(TWO, 1, 100, FAST);
        assignments.current(ONE).brought(200);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);
        assertThat(backpressure.isTakingTurns()).isTrue();

        assignments.current(TWO).brought(199);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        assignments.current(TWO).brought(1);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void anEmptyPollBeginsTheNextRoundOfTurns() {
        backlog(ONE, 1000);
        received(ONE, 1, 100, LONELY);
        assignments.current(ONE).brought(200);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        backpressure.pauseAndResume(assignments, false);
        assertThat(consumer.paused()).isEmpty();
        assertThat(backpressure.isTakingTurns()).isFalse();

        assignments.current(ONE).brought(199);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aRoundOfTurnsEndsAfterFiveMilliseconds() {
        backlog(ONE, 1000);
        received(ONE, 1, 100, LONELY);
        assignments.current(ONE).brought(200);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        nanos += 4_999_999;
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).containsExactly(ONE);

        nanos++;
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aPartitionWithoutBacklogIsNotPausedForTurns() {
        backlog(ONE, 199);
        received(ONE, 1, 100, LONELY);
        assignments.current(ONE).brought(100_000);
        backpressure.pauseAndResume(assignments, true);
        assertThat(consumer.paused()).isEmpty();
        assertThat(backpressure.isTakingTurns()).isFalse();
    }

    @Test
    void pauseReasonOfAUsedTurnIsTurn() {
        backlog(ONE, 1000);
        received(ONE, 1, 100, LONELY);
        assignments.current(ONE).brought(200);
        backpressure.pauseAndResume(assignments, true);
        assertThat(assignments.current(ONE).paused()).isEqualTo(Assignment.Pause.TURN);
    }
}
