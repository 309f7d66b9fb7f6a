package io.mqttrelay.dispatch.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.LaneKey;
import io.mqttrelay.dispatch.progress.LaneOffsets;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.Run;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.window.AppWindows;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which records of a blocked lane wait in Kafka, and its progress in the commit. */
final class BlockedLanesTest {
    private static final long KEY = 7;
    private static final String BAD = "bad";
    private static final Tried ONCE = new Tried(1, 1_700_000_000_000L);

    private final AppWindows app = TestApps.windows(TestApps.app("app", KEY));
    private final Assignment assignment = new Assignment(new TopicPartition("t", 0), app, 0, null);
    private final Cursor cursor = assignment.cursor(KEY);
    private final Map<Long, OffsetState> loaded = new HashMap<>();
    private long nanos;
    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}
    };
    private final CatchUpScan scan = new CatchUpScan(assignment, policy());

    private WindowPolicy policy() {
        return new WindowPolicy(1000, records, () -> nanos, Duration.ZERO);
    }

    /** Reads a record with the group consumer. */
    private void read(long offset, String topic) {
        assignment.readUpTo(offset + 1);
        keep(offset, new RecordContext(assignment, null, offset, offset, 1).take(KEY, topic));
    }

    private void keep(long offset, OffsetState state) {
        if (state != null) {
            loaded.put(offset, state);
        }
    }

    /** Reads these records with a catch-up scan. */
    private void readAgain(Map<Long, String> topics) {
        nanos += 1_000_000_000;
        assertThat(scan.plan()).isTrue();
        topics.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(each -> {
            if (each.getKey() >= scan.position() && scan.comesTo(each.getKey())) {
                keep(
                        each.getKey(),
                        new RecordContext(assignment, scan, each.getKey(), each.getKey(), 1)
                                .take(KEY, each.getValue()));
                scan.readUpTo(each.getKey() + 1);
            }
        });
    }

    /** Fails the first record, and drops these from memory. */
    private void block(long first, long... dropped) {
        loaded.get(first).tried(ONCE);
        for (long offset : dropped) {
            loaded.remove(offset).unload();
        }
        cursor.blockLanes(nanos);
    }

    private AddressProgress progress() {
        return cursor.progress(assignment.next());
    }

    private static LaneOffsets from(long offset) {
        return LaneOffsets.of(Map.of(LaneKey.of(BAD), offset));
    }

    private static List<Run> runs(long... offsets) {
        List<Run> runs = new ArrayList<>();
        for (long offset : offsets) {
            runs.add(new Run(offset, offset));
        }
        return runs;
    }

    @Test
    void skipsRecordsOfABlockedLaneOnly() {
        read(0, BAD);
        read(1, BAD);
        block(0, 1);
        read(2, BAD);
        read(3, "good");

        assertThat(loaded.keySet()).containsExactlyInAnyOrder(0L, 3L);
        assertThat(progress()).isEqualTo(new AddressProgress(runs(0, 3), 4, Map.of(0L, ONCE), from(1)));
        assertThat(assignment.position()).isZero();
        loaded.get(0L).done();
        loaded.get(3L).done();
        assertThat(assignment.position()).isEqualTo(1);
        assertThat(cursor.unreadBefore(4)).isEqualTo(2);
    }

    @Test
    void noRangeIncludesASkippedRecord() {
        read(0, BAD);
        read(1, BAD);
        block(0, 1);
        read(2, "good");
        read(3, BAD);
        read(4, "good");

        assertThat(progress().open()).isEqualTo(runs(0, 2, 4));
    }

    @Test
    void noRangeIncludesRecordsReadForABlockedLane() {
        read(0, BAD);
        read(1, BAD);
        block(0, 1);
        read(2, "good");
        read(3, "good");
        loaded.get(0L).done();
        readAgain(Map.of(1L, BAD, 2L, "good", 3L, "good"));
        read(4, "good");
        loaded.get(2L).done();
        loaded.get(3L).done();

        assertThat(cursor.lanes().isEmpty()).isTrue();
        assertThat(progress().open()).isEqualTo(runs(1, 4));
    }

    @Test
    void laneOffsetCoversItsRecordsInMemory() {
        for (long offset = 0; offset < 40; offset++) {
            read(offset, BAD);
        }
        block(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39);
        loaded.remove(0L).done();
        Map<Long, String> again = new HashMap<>();
        for (long offset = 1; offset < 40; offset++) {
            again.put(offset, BAD);
        }
        readAgain(again);

        assertThat(loaded).hasSize(BlockedLane.ALLOWANCE);
        assertThat(progress()).isEqualTo(new AddressProgress(List.of(), 40, Map.of(), from(1)));
        loaded.get(2L).done(); // not possible while a lane keeps its order, but must not be lost
        assertThat(progress().open()).isEqualTo(runs(1));
        assertThat(progress().lanes()).isEqualTo(from(3));
    }

    @Test
    void aRestartGoesOnWithTheLane() {
        read(0, BAD);
        read(1, BAD);
        read(2, "good");
        block(0, 0, 1);
        loaded.get(2L).done();
        Assignment next = new Assignment(assignment.partition(), app, assignment.position(), assignment.standing());

        assertThat(next.cursor(KEY).progress(3)).isEqualTo(progress());
        assertThat(progress()).isEqualTo(new AddressProgress(List.of(), 3, Map.of(0L, ONCE), from(0)));
        assertThat(next.next()).isEqualTo(3);
    }

    @Test
    void attemptsOfARecordAreNotThoseOfAnotherLaneAtItsOffset() {
        LaneOffsets lanes = LaneOffsets.of(Map.of(LaneKey.of(BAD), 0L, LaneKey.of("worse"), 0L));
        AddressProgress before = new AddressProgress(List.of(), 1, Map.of(0L, ONCE), lanes);
        String metadata = ProgressCodec.encode(new PartitionProgress(Map.of(KEY, before)), 0);
        for (String topic : List.of(BAD, "worse")) {
            Assignment next = new Assignment(assignment.partition(), app, 0, new OffsetAndMetadata(0, metadata));
            next.readUpTo(1);
            CatchUpScan first = new CatchUpScan(next, policy());
            assertThat(first.plan()).isTrue();

            OffsetState state = new RecordContext(next, first, 0, 0, 1).take(KEY, topic);

            assertThat(state).isNotNull();
            assertThat(state.tried()).isEqualTo(ONCE);
        }
    }

    @Test
    void attemptsOfARecordSurviveThatAnEarlierOneIsDroppedLater() {
        read(0, BAD);
        read(1, BAD);
        loaded.get(1L).tried(ONCE);
        block(0, 1);
        block(0, 0);

        assertThat(progress().attempts()).isEqualTo(Map.of(0L, ONCE, 1L, ONCE));
        readAgain(Map.of(0L, BAD, 1L, BAD));
        assertThat(loaded.get(0L).tried()).isEqualTo(ONCE);
        assertThat(loaded.get(1L).tried()).isEqualTo(ONCE);
    }

    @Test
    void countsRecordsOfALaneDeletedByRetention() {
        read(0, BAD);
        read(1, BAD);
        block(0, 1);
        read(2, BAD);
        read(3, "good");
        loaded.values().forEach(OffsetState::done);

        assertThat(assignment.beginsAt(2)).extracting(Assignment.Lost::count).containsExactly(1L);
        assertThat(assignment.position()).isEqualTo(2);
        assertThat(assignment.beginsAt(4)).extracting(Assignment.Lost::count).containsExactly(1L);
    }

    /** Blocks a lane and reads its first messages again; a read takes so long. */
    private void readFirstMessagesAgain(int reads, Duration each) {
        for (long offset = 0; offset < 40; offset++) {
            read(offset, BAD);
        }
        long[] dropped = LongStream.range(1, 40).toArray();
        block(0, dropped);
        Map<Long, String> again = new HashMap<>();
        Arrays.stream(dropped).forEach(offset -> again.put(offset, BAD));
        assertThat(scan.plan()).isTrue();
        for (int i = 0; i < reads; i++) {
            nanos += each.toNanos();
            assertThat(scan.plan()).isTrue();
            scan.readUpTo(scan.position());
        }
        readAgain(again);
        LongStream.range(0, 12).forEach(offset -> loaded.remove(offset).done());
        nanos += Duration.ofSeconds(6).toNanos();
    }

    @Test
    void aFailingLaneWaitsFourTimesAsLongAsReadingForItTook() {
        readFirstMessagesAgain(100, Duration.ofMillis(100));
        loaded.get(12L).tried(ONCE);

        assertThat(scan.plan()).isFalse();
        nanos += Duration.ofSeconds(39).toNanos();
        assertThat(scan.plan()).isFalse();
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(scan.plan()).isTrue();
    }

    @Test
    void aLaneThatFailsNoMoreIsReadOnAtOnce() {
        readFirstMessagesAgain(100, Duration.ofMillis(100));

        assertThat(scan.plan()).isTrue();
    }

    @Test
    void aLaneThatOnlyHangsIsReadAtOnce() {
        readFirstMessagesAgain(100, Duration.ofMillis(100));
        loaded.get(12L).tried(ONCE);
        assertThat(scan.plan()).isFalse();
        read(40, "slow");
        read(41, "slow");
        loaded.remove(41L).unload();
        cursor.blockLanes(nanos);

        assertThat(scan.plan()).isTrue();
    }

    @Test
    void theTimeThatAPartitionIsSetAsideIsNoReading() {
        readFirstMessagesAgain(1, Duration.ofSeconds(60));
        loaded.get(12L).tried(ONCE);

        assertThat(scan.plan()).isFalse();
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(scan.plan()).isTrue();
    }

    @Test
    void tellsWhetherOtherLanesAreBlocked() {
        read(0, BAD);
        read(1, BAD);
        read(2, "good");
        assertThat(loaded.get(2L).othersAreBlocked()).isFalse();
        block(0, 1);

        assertThat(loaded.get(2L).othersAreBlocked()).isTrue();
        assertThat(loaded.get(0L).othersAreBlocked()).isFalse();
    }

    @Test
    void aRecordThatTheCursorReadsLaterIsNotReadForItsLane() {
        LaneOffsets lanes = LaneOffsets.of(Map.of(LaneKey.of(BAD), 0L, LaneKey.of("worse"), 0L));
        AddressProgress before = new AddressProgress(List.of(new Run(20, 39)), 40, Map.of(), lanes);
        AddressProgress nothing = AddressProgress.beginningAt(40);
        PartitionProgress progress = new PartitionProgress(Map.of(KEY, before, TestApps.UNROUTABLE, nothing));
        Assignment behind = new Assignment(
                assignment.partition(), app, 0, new OffsetAndMetadata(0, ProgressCodec.encode(progress, 0)));
        ArrayDeque<Boolean> takes = new ArrayDeque<>();
        TakesAll changing = new TakesAll() {
            @Override
            public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}

            @Override
            public boolean takes(long address) {
                return takes.isEmpty() || takes.removeFirst();
            }

            @Override
            public boolean hasEnough(long address) {
                return true; // scans begin for the lanes only
            }
        };
        CatchUpScan shared = new CatchUpScan(behind, new WindowPolicy(1000, changing, () -> nanos, Duration.ZERO));
        assertThat(shared.plan()).isTrue();
        for (long offset = 0; offset < BlockedLane.ALLOWANCE; offset++) {
            assertThat(readAgain(behind, shared, offset, BAD)).isNotNull();
        }
        takes.add(false); // the cursor leaves the scan, and then the breaker closes
        assertThat(shared.plan()).isTrue();
        assertThat(readAgain(behind, shared, 20, "worse")).isNull();
        assertThat(readAgain(behind, shared, 21, BAD)).isNull(); // the scan reads for no lane any more

        nanos += 1_000_000_000;
        assertThat(shared.plan()).isTrue();
        assertThat(shared.position()).isEqualTo(20);
        assertThat(readAgain(behind, shared, 20, "worse")).isNotNull();
    }

    private static OffsetState readAgain(Assignment of, CatchUpScan scan, long offset, String topic) {
        assertThat(scan.comesTo(offset)).isTrue();
        OffsetState state = new RecordContext(of, scan, offset, offset, 1).take(KEY, topic);
        scan.readUpTo(offset + 1);
        return state;
    }
}
