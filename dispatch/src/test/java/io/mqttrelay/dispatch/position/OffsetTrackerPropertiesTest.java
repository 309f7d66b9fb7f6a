package io.mqttrelay.dispatch.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.dispatch.progress.Run;
import io.mqttrelay.dispatch.window.AppWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.common.TopicPartition;

/** Compares the committed offset with an oracle that keeps all records and checks all of them. */
final class OffsetTrackerPropertiesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final long KEY = 7;

    private final AppWindows app = TestApps.windows(TestApps.app("app", KEY));

    private Assignment assignment(long position) {
        return new Assignment(PARTITION, app, position, null);
    }

    private long heldBytes() {
        return app.addresses().stream()
                .mapToLong(address -> address.memory().bytes())
                .sum();
    }

    @Property(tries = 200)
    void thePositionIsTheFirstThatIsNotDone(
            @ForAll long seed,
            @ForAll @LongRange(min = 0, max = 1L << 40) long start,
            @ForAll @IntRange(max = 400) int count) {
        runAgainstOracle(seed, start, count);
    }

    @Example
    void tenThousandRecordsWithGapsInAnyOrder() {
        runAgainstOracle(42, 1_000_000, 10_000);
    }

    private void runAgainstOracle(long seed, long start, int count) {
        Random random = new Random(seed);
        Assignment assignment = assignment(start);
        TreeSet<Long> open = new TreeSet<>();
        List<OffsetState> states = new ArrayList<>();
        long next = start;
        long last = start;
        int received = 0;
        while (received < count || !states.isEmpty()) {
            if (received < count && random.nextInt(3) > 0) {
                long offset = next + (random.nextInt(4) == 0 ? random.nextInt(50) : 0); // a gap
                states.add(TestApps.read(assignment, offset, 7, KEY));
                open.add(offset);
                next = offset + 1;
                received++;
            } else if (!states.isEmpty()) {
                OffsetState done = states.remove(random.nextInt(states.size()));
                done.done();
                open.remove(done.offset());
            }
            assertThat(assignment.open()).isEqualTo(open.size());
            long position = assignment.position();
            assertThat(position).isEqualTo(open.isEmpty() ? next : open.first());
            assertThat(position).isGreaterThanOrEqualTo(last);
            last = position;
        }
        assertThat(heldBytes()).isZero();
    }

    @Example
    void aRecordThatComesTwiceIsABug() {
        Assignment assignment = assignment(5);
        TestApps.read(assignment, 9, 1, KEY);

        assertThatThrownBy(() -> TestApps.read(assignment, 9, 1, KEY)).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void aDeliveryThatEndsTwiceIsABug() {
        OffsetState state = TestApps.read(assignment(5), 5, 1, KEY);
        state.done();

        assertThatThrownBy(state::done).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void skipsDeletedOffsetsWhenTheRestIsComplete() {
        Assignment assignment = assignment(0);
        OffsetState state = TestApps.read(assignment, 0, 1, KEY);
        assertThat(assignment.beginsAt(100))
                .singleElement()
                .satisfies(lost -> assertThat(lost.count()).isEqualTo(99));
        assertThat(assignment.position()).isZero();
        state.done();

        assertThat(assignment.position()).isEqualTo(100);
    }

    @Example
    void aLateDeliveryReleasesItsMemoryOnce() {
        Assignment first = assignment(0);
        OffsetState late = TestApps.read(first, 0, 10, KEY);
        first.end();
        Assignment second = assignment(0);
        TestApps.read(second, 0, 10, KEY);
        late.done();

        assertThat(heldBytes()).isEqualTo(10);
        assertThat(first.begin(1)).isFalse();
    }

    @Example
    void droppedRecordsComeAgainAndInFlightOnesStay() {
        Assignment assignment = assignment(0);
        OffsetState dropped = TestApps.read(assignment, 0, 10, KEY);
        OffsetState out = TestApps.read(assignment, 1, 10, KEY);
        OffsetState alsoDropped = TestApps.read(assignment, 3, 10, KEY);
        Cursor cursor = assignment.cursor(KEY);
        dropped.unload();
        alsoDropped.unload();
        cursor.fallBehind(assignment.next());

        assertThat(heldBytes()).isEqualTo(10);
        assertThat(assignment.position()).isZero();
        assertThat(cursor.progress(assignment.next()).open())
                .containsExactly(new Run(0, 0), new Run(1, 1), new Run(3, 3));
        assertThat(cursor.wants(0)).isTrue();
        cursor.load(new OffsetState.Found(0, 0, 10), null).done();
        cursor.readUpTo(1);
        assertThat(cursor.wants(1)).isFalse();
        assertThat(assignment.position()).isEqualTo(1);
        out.done();
        assertThat(assignment.position()).isEqualTo(3);
    }
}
