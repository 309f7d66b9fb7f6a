package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.place.LogRanges;
import io.mqttrelay.dispatch.place.TopicIds;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.Run;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fetch position that the log does not hold: where the partition goes on, and which records are delivered again. */
final class CutLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long FAST = 1;
    private static final long SLOW = 2;
    private static final ConsumedApp APP = TestApps.app("app", FAST, SLOW);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<TopicPartition, LogRanges.Range> ranges = new HashMap<>();
    private final Assignments assignments = new Assignments(
            consumer,
            partitions -> CompletableFuture.completedFuture(Map.copyOf(ranges)),
            Map.of("t", APP),
            1 << 20,
            new ConsumerMeters(registry, List.of(APP)),
            System::nanoTime);

    private Uuid id = Uuid.randomUuid();
    private long nanos = System.nanoTime();
    private final TopicIds topicIds =
            new TopicIds(topics -> CompletableFuture.completedFuture(Map.of("t", id)), Set.of("t"), () -> nanos);

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
    }

    private Assignment committedAt(long position, AddressProgress slow) {
        Map<Long, AddressProgress> progress =
                new HashMap<>(Map.of(FAST, AddressProgress.beginningAt(1000), SLOW, slow));
        progress.put(TestApps.UNROUTABLE, AddressProgress.beginningAt(1000));
        consumer.commitSync(Map.of(
                PARTITION,
                new OffsetAndMetadata(position, ProgressCodec.encode(new PartitionProgress(progress), position))));
        assignments.assigned(List.of(PARTITION));
        assignments.place();
        return assignments.current(PARTITION);
    }

    /** Runs the loop's task, until Kafka has answered with the topic id. */
    private List<Assignment> repositioned() {
        List<Assignment> ended = new ArrayList<>();
        nanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        for (int look = 0; look < 2; look++) {
            topicIds.madeAnew().forEach((topic, old) -> ended.addAll(assignments.madeAnew(topic, old)));
        }
        ended.addAll(assignments.reposition(topicIds));
        return ended;
    }

    @Test
    void aRecreatedTopicIsReadFromItsBeginning() {
        topicIds.madeAnew();
        topicIds.madeAnew(); // the id is known
        Assignment before = committedAt(1000, AddressProgress.beginningAt(1000));
        id = Uuid.randomUuid();
        ranges.put(PARTITION, new LogRanges.Range(0, 5));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        assertThat(repositioned()).containsExactly(before);
        assignments.place();
        assertThat(assignments.current(PARTITION).next()).isZero();
    }

    @Test
    void aTopicThatMayBeRecreatedIsReadFromItsBeginning() {
        topicIds.madeAnew();
        topicIds.madeAnew(); // asked before the partition begins, for which the group has committed nothing
        ranges.put(PARTITION, new LogRanges.Range(0, 1000));
        assignments.assigned(List.of(PARTITION));
        assignments.place();
        assignments.current(PARTITION).readUpTo(1000);
        id = Uuid.randomUuid();
        ranges.put(PARTITION, new LogRanges.Range(0, 5));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        repositioned();
        assignments.place();
        assertThat(assignments.current(PARTITION).next()).isZero();
    }

    @Test
    void restsUntilTheTopicIsKnownToBeTheSame() {
        Assignment before = committedAt(1000, AddressProgress.beginningAt(1000));
        ranges.put(PARTITION, new LogRanges.Range(0, 900));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        assertThat(assignments.reposition(topicIds)).isEmpty();
        assertThat(before.rests()).isTrue();
    }

    @Test
    void goesOnWhereTheLogEndsNow() {
        Assignment before = committedAt(1000, AddressProgress.beginningAt(1000));
        ranges.put(PARTITION, new LogRanges.Range(0, 900));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        assertThat(before.rests()).isTrue();
        assertThat(repositioned()).containsExactly(before);

        Assignment now = assignments.current(PARTITION);
        assertThat(now.next()).isEqualTo(900);
        assertThat(now.standing().offset()).isEqualTo(900);
        assertThat(consumer.position(PARTITION)).isEqualTo(900);
        assertThat(now.rests()).isFalse();
        assertThat(registry.get("relay.dispatch.log.truncations").counter().count())
                .isEqualTo(1);
    }

    @Test
    void keepsOpenRecordsBeforeTheTruncation() {
        committedAt(
                200,
                new AddressProgress(
                        List.of(new Run(200, 250), new Run(880, 950)),
                        1000,
                        Map.of(880L, new Tried(3, 0), 940L, new Tried(1, 0))));
        ranges.put(PARTITION, new LogRanges.Range(0, 900));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        repositioned();

        Cursor slow = assignments.current(PARTITION).cursor(SLOW);
        assertThat(TestApps.progress(slow, 900))
                .isEqualTo(new AddressProgress(
                        List.of(new Run(200, 250), new Run(880, 899)), 900, Map.of(880L, new Tried(3, 0))));
        assertThat(assignments.current(PARTITION).standing().offset()).isEqualTo(200);
        assertThat(assignments.current(PARTITION).next()).isEqualTo(900);
    }

    @Test
    void goesOnWhereTheLogIsKnownToDiverge() {
        committedAt(1000, AddressProgress.beginningAt(1000));
        ranges.put(PARTITION, new LogRanges.Range(0, 1200)); // written again since the truncation
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of(PARTITION, new OffsetAndMetadata(950)));
        repositioned();
        assertThat(assignments.current(PARTITION).next()).isEqualTo(950);
    }

    @Test
    void goesOnAtTheNewLogStartOffset() {
        Assignment before = committedAt(1000, AddressProgress.beginningAt(1000));
        ranges.put(PARTITION, new LogRanges.Range(1100, 1500));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        assertThat(repositioned()).isEmpty();
        assertThat(assignments.current(PARTITION)).isSameAs(before);
        assertThat(before.next()).isEqualTo(1100);
        assertThat(consumer.position(PARTITION)).isEqualTo(1100);
        assertThat(registry.get("relay.dispatch.lost").counters().stream()
                        .mapToDouble(counter -> counter.count())
                        .sum())
                .isEqualTo(200);
    }

    @Test
    void restsWhileNoLeaderAnswers() {
        Assignment before = committedAt(1000, AddressProgress.beginningAt(1000));
        assignments.outOfRange(Map.of(PARTITION, 1000L), Map.of());
        assertThat(repositioned()).isEmpty();
        assertThat(before.rests()).isTrue();
    }
}
