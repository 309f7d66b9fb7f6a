package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.TestApps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PassedMarkersTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Assignment assignment =
            TestApps.assignment(PARTITION, TestApps.windows(TestApps.app("app", 1)), 10, null);
    private final List<Assignment> moved = new ArrayList<>();
    private long now;
    private boolean handedOver = true;
    private final PassedMarkers markers =
            new PassedMarkers(consumer, () -> List.of(assignment), moved::add, each -> handedOver, () -> now);

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.seek(PARTITION, 10);
    }

    private void look() {
        now += Duration.ofSeconds(1).toNanos();
        markers.step();
    }

    @Test
    void movesAPartitionPastOffsetsWithoutRecord() {
        look();
        assertThat(moved).isEmpty();
        consumer.seek(PARTITION, 11);
        look();
        assertThat(moved).containsExactly(assignment);
        assertThat(assignment.next()).isEqualTo(11);
        look();
        assertThat(moved).as("once").hasSize(1);
    }

    @Test
    void recordsThatWereNotHandedOverAreNotPassed() {
        handedOver = false;
        consumer.seek(PARTITION, 12);
        look();
        assertThat(assignment.next()).isEqualTo(10);
        handedOver = true;
        look();
        assertThat(assignment.next()).isEqualTo(12);
    }

    @Test
    void aPartitionThatRestsStaysWhereItIs() {
        assignment.awaitsPosition(true);
        consumer.seek(PARTITION, 12);
        look();
        assertThat(assignment.next()).isEqualTo(10);
    }

    @Test
    void asksAgainWhileTheConsumerHasNoPosition() {
        consumer.assign(List.of());
        consumer.assign(List.of(PARTITION));
        look();
        assertThat(moved).isEmpty();
        consumer.seek(PARTITION, 11);
        look();
        assertThat(moved).hasSize(1);
    }

    @Test
    void aQuietPartitionIsNotAskedForEver() {
        for (int i = 0; i < 70; i++) {
            look();
        }
        consumer.seek(PARTITION, 12);
        look();
        assertThat(moved).isEmpty();
        assignment.readUpTo(11);
        look();
        assertThat(moved).as("it was read").hasSize(1);
    }
}
