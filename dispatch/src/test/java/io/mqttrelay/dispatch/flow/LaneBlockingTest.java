package io.mqttrelay.dispatch.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.Tried;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which lanes are blocked when an address has no more room, and which deliveries stay in memory. */
final class LaneBlockingTest {
    private static final long KEY = 7;
    private static final int MOST = 100;
    private static final long WAIT = Duration.ofSeconds(3).toNanos();
    private static final Tried ONCE = new Tried(1, 1_700_000_000_000L);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final Assignment assignment =
            TestApps.assignment(new TopicPartition("t", 0), TestApps.windows(TestApps.app("app", KEY)), 0, null);
    private final Cursor cursor = assignment.cursor(KEY);
    private final List<OffsetState> loaded = new ArrayList<>();
    private final Set<String> hanging = new HashSet<>();
    private boolean takes = true;
    private int looks;
    private long nanos;

    /** Unloads like the dispatcher's lanes: the first delivery of a lane is in flight, unless it waits. */
    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}

        @Override
        public boolean takes(long address) {
            return takes;
        }

        @Override
        public Set<String> lanesOfLongCalls(Assignment of, long address) {
            looks++;
            return hanging;
        }

        @Override
        public void unloadLanes(Assignment of, long address, Set<String> lanes, boolean resting) {
            Set<String> seen = new HashSet<>();
            for (OffsetState state : List.copyOf(loaded)) {
                boolean first = seen.add(state.orderKey());
                if (lanes.contains(state.orderKey()) && (!first || (resting && state.waitNanos() > 0))) {
                    state.unload();
                    loaded.remove(state);
                }
            }
        }
    };

    private final LaneBlocking blocking =
            new LaneBlocking(new WindowPolicy(MOST, records, () -> nanos, BETWEEN_LOOKS), records);

    private void read(int records, String lane) {
        for (int i = 0; i < records; i++) {
            long offset = assignment.next();
            assignment.readUpTo(offset + 1);
            loaded.add(new RecordContext(assignment, null, offset, offset, 1).take(KEY, lane));
        }
    }

    private void fails(String lane, long waitNanos) {
        OffsetState first = loaded.stream()
                .filter(state -> lane.equals(state.orderKey()))
                .findFirst()
                .orElseThrow();
        first.tried(ONCE);
        first.waits(waitNanos);
    }

    private List<String> inMemory() {
        return loaded.stream().map(OffsetState::orderKey).collect(Collectors.toList());
    }

    private boolean isBlocked(String lane) {
        return TestApps.isBlocked(cursor, lane);
    }

    @Test
    void anAddressWithRoomKeepsItsFailingLane() {
        read(MOST - 1, "bad");
        fails("bad", WAIT);

        blocking.step(assignment);

        assertThat(cursor.blockedLanes()).isZero();
        assertThat(loaded).hasSize(MOST - 1);
    }

    @Test
    void aFailedLaneKeepsOnlyItsFirstMessage() {
        read(MOST - 2, "bad");
        read(2, "good");
        fails("bad", WAIT);

        blocking.step(assignment);

        assertThat(inMemory()).containsExactly("bad", "good", "good");
        assertThat(isBlocked("bad")).isTrue();
        assertThat(isBlocked("good")).isFalse();
    }

    @Test
    void aSlowLaneKeepsOnlyItsFirstMessage() {
        read(MOST, "slow");
        hanging.add("slow");

        blocking.step(assignment);

        assertThat(inMemory()).containsExactly("slow");
        assertThat(isBlocked("slow")).isTrue();
    }

    @Test
    void aBusyLaneOfWhichNothingFailedIsLeftAlone() {
        read(MOST, "busy");

        blocking.step(assignment);

        assertThat(loaded).hasSize(MOST);
        assertThat(cursor.blockedLanes()).isZero();
    }

    @Test
    void dropsFirstMessagesThatWaitLongestIfStillFull() {
        for (int lane = 0; lane < MOST; lane++) {
            read(1, "bad/" + lane);
            fails("bad/" + lane, WAIT + lane);
        }

        blocking.step(assignment);

        assertThat(loaded).hasSize(MOST / 4);
        assertThat(isBlocked("bad/" + (MOST - 1))).isTrue();
        assertThat(isBlocked("bad/0")).isFalse();
    }

    @Test
    void aFirstMessageThatIsInFlightStays() {
        for (int lane = 0; lane < MOST; lane++) {
            read(1, "bad/" + lane);
            fails("bad/" + lane, 0);
        }

        blocking.step(assignment);

        assertThat(loaded).hasSize(MOST);
    }

    @Test
    void anOutageOfTheAddressBlocksFewOfItsLanes() {
        takes = false;
        for (int lane = 0; lane < MOST; lane++) {
            read(1, "bad/" + lane);
            fails("bad/" + lane, WAIT);
        }

        blocking.step(assignment);

        assertThat(cursor.blockedLanes()).isEqualTo(LaneBlocking.MOST_WHILE_DOWN);
        assertThat(loaded).hasSize(MOST - LaneBlocking.MOST_WHILE_DOWN);
    }

    @Test
    void waitsAfterALookThatBlockedNoLane() {
        read(MOST, "busy");
        blocking.step(assignment);
        nanos += BETWEEN_LOOKS.toNanos();
        blocking.step(assignment);
        assertThat(looks).isEqualTo(1);

        nanos += 10 * BETWEEN_LOOKS.toNanos();
        fails("busy", WAIT);
        blocking.step(assignment);
        assertThat(looks).isEqualTo(2);
        assertThat(isBlocked("busy")).isTrue();
    }
}
