package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.reload.AppChanges;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An app that is removed from the configuration and added again before its partitions are revoked. */
final class AppComesBackTest {
    private static final long KEY = 7;
    private static final ConsumedApp APP = TestApps.app("app", KEY);
    private static final ConsumedApp OTHER = TestApps.app("other", 8);
    private static final TopicPartition PARTITION = new TopicPartition("app", 0);
    private static final TopicPartition OTHERS = new TopicPartition("other", 0);

    private final Map<String, ConsumedApp> topics = new LinkedHashMap<>(Map.of("app", APP, "other", OTHER));
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Assignments assignments = new Assignments(
            consumer,
            TestApps.ranges(consumer),
            topics,
            1 << 20,
            new ConsumerMeters(new SimpleMeterRegistry(), List.of(APP, OTHER)),
            System::nanoTime);
    private final List<OffsetState> resting = new ArrayList<>();
    private final AppChanges changes = new AppChanges(
            topics,
            assignments,
            new TakesAll() {
                @Override
                public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
                    throw new AssertionError("no record is read");
                }

                @Override
                public void takeBack(Assignment assignment, long address) {
                    if (assignment.partition().equals(PARTITION) && address == KEY) {
                        resting.forEach(OffsetState::unload);
                        resting.clear();
                    }
                }
            },
            assignments::shareOut);

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION, OTHERS));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L, OTHERS, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L, OTHERS, 0L));
        assignments.assigned(List.of(PARTITION, OTHERS));
    }

    private void goAndComeBack() {
        changes.begin(Map.of("other", OTHER), Set.of());
        assertThat(topics).containsOnlyKeys("other");
        comeBack();
    }

    private void comeBack() {
        changes.begin(Map.of("app", APP, "other", OTHER), Set.of());
    }

    @Test
    void isServedAgain() {
        assignments.place();
        goAndComeBack();

        Assignment assignment = assignments.current(PARTITION);
        assertThat(assignment.cursor(KEY).window().isServed()).isTrue();
        assertThat(assignments.active()).contains(assignment);
    }

    @Test
    void deliveryThatWaitsForItsRetryIsTakenBack() {
        assignments.place();
        Assignment assignment = assignments.current(PARTITION);
        resting.add(TestApps.read(assignment, 0, 1, KEY));
        goAndComeBack();

        assertThat(assignment.open()).isZero();
        assertThat(assignment.cursor(KEY).isServed()).isTrue();
        assertThat(assignment.standing().offset()).isZero();
    }

    @Test
    void isServedAgainWhenItsCallHasEnded() {
        assignments.place();
        Assignment assignment = assignments.current(PARTITION);
        OffsetState call = TestApps.read(assignment, 0, 1, KEY);
        assignment.begin(1);
        changes.begin(Map.of("other", OTHER), Set.of());
        assertThat(topics).containsOnlyKeys("app", "other");
        comeBack();
        assertThat(assignment.cursor(KEY).isServed()).isFalse();

        call.done();
        assignment.pause();
        changes.step();
        assertThat(assignment.cursor(KEY).isServed()).isTrue();
        assertThat(assignment.cursor(KEY).open()).isZero();
    }

    @Test
    void aDeadLetterThatIsNotStoredKeepsNoTopicSubscribed() {
        assignments.place();
        Assignment assignment = assignments.current(PARTITION);
        TestApps.read(assignment, 0, 1, KEY); // its call has ended, and its letter is not stored
        changes.begin(Map.of("other", OTHER), Set.of());

        assertThat(topics).containsOnlyKeys("other");
        assertThat(changes.isUnderWay()).isFalse();
        assertThat(assignment.standing().offset()).isZero();
    }

    @Test
    void isPlacedIfItWasNot() {
        goAndComeBack();
        assignments.place();

        assertThat(assignments.current(PARTITION)).isNotNull();
        assertThat(consumer.paused()).isEmpty();
    }
}
