package io.mqttrelay.dispatch.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.CatchUpScan;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.LaneOffsets;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.Run;
import io.mqttrelay.dispatch.progress.Tried;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** While an address takes nothing, each of its lanes gets an attempt, so that a lane whose messages are accepted is found. */
final class FailingLanesProbedTest {
    private static final long KEY = 7;
    private static final long OTHER = 8;
    private static final int BAD = 20;
    private static final int ROUNDS = 5;
    private static final Tried ONCE = new Tried(0, 1_700_000_000_000L);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<OffsetState> loaded = new ArrayList<>();
    private boolean takes = true;
    private boolean enough;
    private long nanos;

    /** Unloads like the dispatcher's lanes: the first delivery of each lane waits for its turn as the probe. */
    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}

        @Override
        public boolean takes(long address) {
            return takes;
        }

        @Override
        public boolean hasEnough(long address) {
            return enough;
        }

        @Override
        public void unload(Assignment of, long address) {}

        @Override
        public void unloadLanes(Assignment of, long address, Set<String> lanes, boolean resting) {
            Set<String> seen = new HashSet<>();
            for (OffsetState state : List.copyOf(loaded)) {
                if (!seen.add(state.orderKey()) && lanes.contains(state.orderKey())) {
                    state.unload();
                    loaded.remove(state);
                }
            }
        }
    };

    private final WindowPolicy policy = new WindowPolicy(1000, records, () -> nanos, Duration.ofMillis(50));
    private final LaneBlocking blocking = new LaneBlocking(policy, records);
    private final PausePolicy pausePolicy = new PausePolicy(policy, records);

    /** An address that is behind: a backlog of failing topics, and the last record is of a topic that would be accepted. */
    private static Assignment behind() {
        long end = BAD * ROUNDS + 1;
        PartitionProgress progress = new PartitionProgress(Map.of(
                KEY,
                new AddressProgress(List.of(new Run(0, end - 1)), end, Map.of(), LaneOffsets.NONE),
                OTHER,
                AddressProgress.beginningAt(end),
                TestApps.UNROUTABLE,
                AddressProgress.beginningAt(end)));
        return TestApps.assignment(
                PARTITION,
                TestApps.windows(TestApps.app("app", KEY, OTHER)),
                0,
                new OffsetAndMetadata(0, ProgressCodec.encode(progress, 0)));
    }

    private static String topic(long offset) {
        return offset == BAD * ROUNDS ? "good" : "bad/" + offset % BAD;
    }

    private void readAgain(Assignment assignment, CatchUpScan scan, int records) {
        for (int i = 0; i < records && scan.plan(); i++) {
            long offset = scan.position();
            if (scan.comesTo(offset)) {
                take(new RecordContext(assignment, scan, offset, offset, 1), offset);
                scan.readUpTo(offset + 1);
            }
        }
    }

    private void take(RecordContext context, long offset) {
        OffsetState state = context.take(KEY, topic(offset));
        if (state != null) {
            loaded.add(state);
        }
    }

    private boolean isLoaded(String topic) {
        return loaded.stream().anyMatch(state -> topic.equals(state.orderKey()));
    }

    private void fails(String topic) {
        loaded.stream()
                .filter(state -> topic.equals(state.orderKey()))
                .findFirst()
                .ifPresent(first -> first.tried(ONCE));
    }

    private void failBadTopics() {
        for (int bad = 0; bad < BAD; bad++) {
            fails("bad/" + bad);
        }
    }

    private void later(Assignment assignment) {
        nanos += Duration.ofSeconds(1).toNanos();
        blocking.step(assignment);
        pausePolicy.apply(assignment);
    }

    @Test
    void anAddressBehindReadsOnAfterItsFailedTopics() {
        Assignment assignment = behind();
        CatchUpScan scan = new CatchUpScan(assignment, policy);
        readAgain(assignment, scan, 3 * BAD);
        assertThat(loaded).hasSize(3 * BAD);
        takes = false;
        failBadTopics();

        later(assignment);
        readAgain(assignment, scan, 3 * BAD);

        assertThat(isLoaded("good")).isTrue();
        assertThat(loaded).as("the first of each lane").hasSize(BAD + 1);
    }

    @Test
    void eachBlockedLaneIsTriedThoughOthersFail() {
        Assignment assignment = behind();
        CatchUpScan scan = new CatchUpScan(assignment, policy);
        readAgain(assignment, scan, BAD * ROUNDS + 1);
        fails("good");
        failBadTopics();
        loaded.forEach(OffsetState::unload);
        loaded.clear();
        assignment.cursor(KEY).blockLanes(nanos);
        takes = false;

        for (int i = 0; i < 2 && !isLoaded("good"); i++) {
            later(assignment);
            readAgain(assignment, scan, 3 * BAD * ROUNDS);
            failBadTopics();
        }

        assertThat(isLoaded("good")).isTrue();
        assertThat(loaded).hasSize(BAD + 1);
    }

    @Test
    void aFailedTopicIsReadAgainOnceAtMost() {
        Assignment assignment = behind();
        CatchUpScan scan = new CatchUpScan(assignment, policy);
        readAgain(assignment, scan, 3 * BAD);
        takes = false;
        failBadTopics();
        later(assignment);
        readAgain(assignment, scan, 3 * BAD);
        fails("good");

        for (int i = 0; i < 10; i++) {
            later(assignment);
            assertThat(scan.plan()).isFalse();
        }
        assertThat(loaded).hasSize(BAD + 1);
    }

    @Test
    void anAddressInStepReadsOnAfterItsFailedTopics() {
        Assignment assignment = TestApps.assignment(PARTITION, TestApps.windows(TestApps.app("app", KEY)), 0, null);
        for (long offset = 0; offset < 3 * BAD; offset++) {
            assignment.readUpTo(offset + 1);
            take(new RecordContext(assignment, null, offset, offset, 1), offset);
        }
        enough = true;
        pausePolicy.apply(assignment);
        assertThat(assignment.paused()).isEqualTo(Assignment.Pause.ENOUGH);
        takes = false;
        failBadTopics();

        later(assignment);

        assertThat(assignment.paused()).isEqualTo(Assignment.Pause.NONE);
        assertThat(loaded).hasSize(BAD);
    }

    @Test
    void untriedLanesAreTriedBeforeMoreIsRead() {
        Assignment assignment = behind();
        CatchUpScan scan = new CatchUpScan(assignment, policy);
        readAgain(assignment, scan, 3 * BAD);
        takes = false;
        fails("bad/0");

        later(assignment);

        assertThat(scan.plan()).isFalse();
        assertThat(loaded).hasSize(3 * BAD);
        assertThat(assignment.cursor(KEY).blockedLanes()).isZero();
    }
}
