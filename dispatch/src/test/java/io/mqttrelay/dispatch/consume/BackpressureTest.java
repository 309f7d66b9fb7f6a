package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which partitions are paused, and when they go on. */
final class BackpressureTest {
    private static final TopicPartition ONE = new TopicPartition("one", 0);
    private static final TopicPartition TWO = new TopicPartition("two", 0);
    private static final long MAX_BYTES = 2000; // a thousand for each app

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Assignments assignments = new Assignments(
            consumer,
            Map.of("one", new ConsumedApp("one", List.of()), "two", new ConsumedApp("two", List.of())),
            new ConsumerMeters(new SimpleMeterRegistry(), List.of("one", "two")));
    private final Backpressure backpressure = new Backpressure(consumer, MAX_BYTES);
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

    private List<Receipt> received(TopicPartition partition, int count, int bytes) {
        List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            receipts.add(assignments.current(partition).received(next++, 0, bytes));
        }
        return receipts;
    }

    @Test
    void anAppThatHoldsItsShareIsPausedAndNoOther() {
        List<Receipt> receipts = received(ONE, 10, 100);
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).containsExactly(ONE);

        receipts.subList(0, 4).forEach(receipt -> receipt.done(0));
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).containsExactly(ONE);

        receipts.get(4).done(0);
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aRecordLargerThanTheShareGoesThroughAlone() {
        Receipt large = received(ONE, 1, 1_000_000).get(0);
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).containsExactly(ONE);

        large.done(0);
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void tenThousandOpenRecordsOfOnePartitionAreEnough() {
        List<Receipt> receipts = received(ONE, 10_000, 0);
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).containsExactly(ONE);

        receipts.subList(1, 5001).forEach(receipt -> receipt.done(0));
        backpressure.pauseAndResume(assignments);
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void aPauseThatTheConsumerForgotIsMadeAgain() {
        received(ONE, 10, 100);
        backpressure.pauseAndResume(assignments);
        consumer.resume(List.of(ONE));
        backpressure.pauseAndResume(assignments);

        assertThat(consumer.paused()).containsExactly(ONE);
    }

    @Test
    void whatAnEndedAssignmentHeldIsFree() {
        received(ONE, 10, 100);
        backpressure.pauseAndResume(assignments);
        assignments.end(List.of(ONE));
        assignments.assigned(List.of(ONE));
        assignments.place();
        backpressure.pauseAndResume(assignments);

        assertThat(consumer.paused()).isEmpty();
    }
}
