package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
    private final AppChanges changes = new AppChanges(
            topics,
            assignments,
            new TakesAll() {
                @Override
                public void accept(ConsumerRecord<byte[], byte[]> record, Reading reading) {
                    throw new AssertionError("nobody reads");
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
    void isPlacedIfItWasNot() {
        goAndComeBack();
        assignments.place();

        assertThat(assignments.current(PARTITION)).isNotNull();
        assertThat(consumer.paused()).isEmpty();
    }
}
