package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition with a slow and a quick address that is to move to another dispatcher. */
class HandoverTest {
    private static final long SLOW = 7;
    private static final long QUICK = 8;
    private static final ConsumedApp APP = TestApps.app("app", SLOW, QUICK);
    private static final TopicPartition PARTITION = new TopicPartition("app", 0);
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Assignments assignments = new Assignments(
            consumer,
            TestApps.ranges(consumer),
            Map.of("app", APP),
            1 << 20,
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP)),
            System::nanoTime);
    private final AtomicLong now = new AtomicLong();
    private final Set<Long> slow = new HashSet<>(Set.of(SLOW));
    private final List<Long> drained = new ArrayList<>();
    private final Handover handover = new Handover(
            consumer,
            assignments,
            new TakesAll() {
                @Override
                public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
                    throw new AssertionError("no record is read");
                }

                @Override
                public Set<Long> slowAddresses() {
                    return Set.copyOf(slow);
                }

                @Override
                public void takeBack(Assignment assignment, long address) {
                    drained.add(address);
                }
            },
            new OffsetCommitter(consumer, assignments, now::get),
            new Heartbeat(Duration.ofSeconds(15), now::get),
            WAIT,
            new ConsumerTime(
                    Clock.systemUTC(),
                    now::get,
                    ConsumerTime.system(Clock.systemUTC()).waits()));

    private Assignment assignment;

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        assignments.assigned(List.of(PARTITION));
        assignments.place();
        assignment = assignments.current(PARTITION);
    }

    @Test
    void isBusyWhileAnAddressIsSlow() {
        assertThat(handover.busy()).containsExactly(PARTITION);

        slow.clear();
        assertThat(handover.busy()).isEmpty();
    }

    @Test
    void onlyTheSlowAddressIsTakenBack() {
        TestApps.read(assignment, 0, 1, SLOW);
        handover.drain(Set.of(PARTITION));
        handover.step();

        assertThat(drained).containsExactly(SLOW);
        assertThat(assignment.cursor(SLOW).isServed()).isFalse();
        assertThat(assignment.cursor(QUICK).isServed()).isTrue();
        assertThat(assignment.cursor(QUICK).isInStep()).isTrue();
    }

    @Test
    void asksForTheRebalanceWhenTheSlowCallsHaveEnded() {
        OffsetState call = TestApps.read(assignment, 0, 1, SLOW);
        handover.drain(Set.of(PARTITION));
        handover.step();
        assertThat(consumer.shouldRebalance()).isFalse();
        assertThat(handover.busy()).containsExactly(PARTITION);

        call.done();
        handover.step();
        assertThat(consumer.shouldRebalance()).isTrue();
        assertThat(handover.busy()).isEmpty();
    }

    @Test
    void waitsForACallNoLongerThanItMay() {
        TestApps.read(assignment, 0, 1, SLOW);
        handover.drain(Set.of(PARTITION));
        now.addAndGet(WAIT.toNanos() - 1);
        handover.step();
        assertThat(consumer.shouldRebalance()).isFalse();

        now.incrementAndGet();
        handover.step();
        assertThat(consumer.shouldRebalance()).isTrue();
        assertThat(handover.busy()).isEmpty();
    }

    @Test
    void anAddressThatBecomesSlowMeanwhileIsDrainedToo() {
        TestApps.read(assignment, 0, 1, SLOW);
        handover.drain(Set.of(PARTITION));
        handover.step();
        slow.add(QUICK);
        handover.step();

        assertThat(assignment.cursor(QUICK).isServed()).isFalse();
    }

    @Test
    void servesAllAgainWhenThePartitionStays() {
        handover.drain(Set.of(PARTITION));
        handover.step();
        handover.drain(Set.of());

        assertThat(assignment.cursor(SLOW).isServed()).isTrue();
        assertThat(handover.busy()).containsExactly(PARTITION);
    }

    @Test
    void leavesWhenNoSlowCallIsInFlight() {
        OffsetState call = TestApps.read(assignment, 0, 1, SLOW);
        handover.leave();
        assertThat(handover.isWaitingToLeave()).isTrue();
        now.addAndGet(2 * WAIT.toNanos());
        assertThat(handover.isWaitingToLeave()).isTrue();

        call.done();
        assertThat(handover.isWaitingToLeave()).isFalse();
        assertThat(consumer.shouldRebalance()).isFalse();
    }
}
