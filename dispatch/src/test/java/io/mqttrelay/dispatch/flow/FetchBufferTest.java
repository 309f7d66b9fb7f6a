package io.mqttrelay.dispatch.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.window.AppWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which fetched data a poll discards, and the fetch position after it. */
final class FetchBufferTest {
    private static final TopicPartition BAD = new TopicPartition("t", 0);
    private static final TopicPartition GOOD = new TopicPartition("t", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final AppWindows app = TestApps.windows(TestApps.app("app", 1));
    private final Assignment bad = TestApps.assignment(BAD, app, 10, null);
    private final Assignment good = TestApps.assignment(GOOD, app, 20, null);
    private long nanos;
    private final FetchBuffer buffer = new FetchBuffer(consumer, () -> nanos);

    @BeforeEach
    void assign() {
        consumer.assign(List.of(BAD, GOOD));
        consumer.seek(BAD, 10);
        consumer.seek(GOOD, 20);
    }

    @Test
    void pollsFromElsewhereAndComesBack() {
        buffer.dropUnreadable(bad);
        buffer.beforePoll();
        assertThat(consumer.position(BAD)).isEqualTo(11);
        assertThat(consumer.position(GOOD)).isEqualTo(20);
        assertThat(buffer.isDropping(bad)).isTrue();
        assertThat(buffer.isDropping(good)).isFalse();

        buffer.afterPoll(true, true);
        assertThat(consumer.position(BAD)).isEqualTo(10);
        assertThat(buffer.isDropping()).isFalse();
    }

    @Test
    void comesBackWhenThePollFailsAndTriesAgain() {
        buffer.dropUnreadable(bad);
        buffer.beforePoll();
        buffer.afterPoll(false, false);
        assertThat(consumer.position(BAD)).isEqualTo(10);
        assertThat(buffer.isDropping(bad)).isTrue();
    }

    @Test
    void aPausedPartitionIsPausedAgain() {
        good.paused(Assignment.Pause.FULL);
        consumer.pause(List.of(GOOD));
        buffer.drop(good);
        buffer.beforePoll();
        assertThat(consumer.paused()).isEmpty();
        buffer.afterPoll(true, false);
        assertThat(consumer.paused()).containsExactly(GOOD);
        assertThat(buffer.isDropping()).isFalse();
    }

    @Test
    void goesOnUntilNothingIsLeftBeforeIt() {
        good.paused(Assignment.Pause.FULL);
        buffer.drop(good);
        buffer.beforePoll();
        buffer.afterPoll(true, true);
        assertThat(buffer.isDropping(good)).isTrue();

        nanos += TimeUnit.SECONDS.toNanos(1);
        buffer.beforePoll();
        buffer.afterPoll(true, true);
        assertThat(buffer.isDropping()).isFalse();
    }

    @Test
    void keepsTheDataOfAPartitionThatIsReadAgain() {
        buffer.drop(good);
        buffer.beforePoll();
        assertThat(consumer.position(GOOD)).isEqualTo(20);
        assertThat(buffer.isDropping()).isFalse();
    }

    @Test
    void forgetsAPartitionThatThePollGaveAway() {
        buffer.dropUnreadable(bad);
        buffer.beforePoll();
        consumer.assign(List.of(GOOD));
        buffer.afterPoll(true, true);
        assertThat(buffer.isDropping()).isFalse();
    }

    /** Pauses a partition with a backlog. */
    private Assignment paused(int number) {
        TopicPartition partition = new TopicPartition("many", number);
        Assignment assignment = TestApps.assignment(partition, app, 0, null);
        assignment.paused(Assignment.Pause.FULL);
        List<TopicPartition> assigned = new ArrayList<>(consumer.assignment());
        assigned.add(partition);
        consumer.assign(assigned);
        consumer.updateEndOffsets(Map.of(partition, 100L));
        consumer.seek(partition, 0);
        return assignment;
    }

    @Test
    void keepsDataOfAFewPausedPartitions() {
        List<Assignment> many = new ArrayList<>();
        for (int i = 0; i < FetchBuffer.MOST_LEFT + 3; i++) {
            many.add(paused(i));
            buffer.paused(many.get(i));
        }
        buffer.trim();
        assertThat(many.stream().filter(buffer::isDropping)).containsExactlyElementsOf(many.subList(0, 3));
    }

    @Test
    void keepsDataOfAPausedPartitionForASecond() {
        Assignment full = paused(0);
        buffer.paused(full);
        nanos += TimeUnit.SECONDS.toNanos(1) - 1;
        buffer.trim();
        assertThat(buffer.isDropping(full)).isFalse();
        nanos += TimeUnit.SECONDS.toNanos(1);
        buffer.trim();
        assertThat(buffer.isDropping(full)).isTrue();
    }

    @Test
    void dropsDataOnceForEachPause() {
        Assignment full = paused(0);
        buffer.paused(full);
        nanos += TimeUnit.SECONDS.toNanos(2);
        buffer.trim();
        buffer.beforePoll();
        buffer.afterPoll(true, false);

        buffer.paused(full);
        nanos += TimeUnit.SECONDS.toNanos(2);
        buffer.trim();
        assertThat(buffer.isDropping(full)).isFalse();

        buffer.resumed(full);
        buffer.paused(full);
        nanos += TimeUnit.SECONDS.toNanos(2);
        buffer.trim();
        assertThat(buffer.isDropping(full)).isTrue();
    }

    @Test
    void keepsDataOfAPartitionThatWaitsForItsTurn() {
        Assignment waits = paused(0);
        waits.paused(Assignment.Pause.TURN);
        buffer.paused(waits);
        nanos += TimeUnit.SECONDS.toNanos(2);
        buffer.trim();
        assertThat(buffer.isDropping(waits)).isFalse();
    }

    @Test
    void dropsLargeRecordsAtOnce() {
        Assignment large = paused(0);
        buffer.brought(large, 15_000_000);
        buffer.paused(large);
        assertThat(buffer.isDropping(large)).isTrue();

        Assignment small = paused(1);
        buffer.brought(small, 15_000_000);
        buffer.brought(small, 100);
        buffer.paused(small);
        assertThat(buffer.isDropping(small)).isFalse();
    }
}
