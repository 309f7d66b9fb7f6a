package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** The position against an oracle that keeps everything and looks at all of it. */
final class OffsetTrackerPropertiesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private static Assignment assignment(long position) {
        return new Assignment(PARTITION, new AppWindow(new ConsumedApp("app", List.of())), position, null);
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

    private static void runAgainstOracle(long seed, long start, int count) {
        Random random = new Random(seed);
        Assignment assignment = assignment(start);
        TreeSet<Long> open = new TreeSet<>();
        List<Receipt> receipts = new ArrayList<>();
        long next = start;
        long last = start;
        int received = 0;
        while (received < count || !receipts.isEmpty()) {
            if (received < count && random.nextInt(3) > 0) {
                long offset = next + (random.nextInt(4) == 0 ? random.nextInt(50) : 0); // a gap
                receipts.add(assignment.received(offset, 0, 7));
                open.add(offset);
                next = offset + 1;
                received++;
            } else if (!receipts.isEmpty()) {
                Receipt done = receipts.remove(random.nextInt(receipts.size()));
                done.done(0);
                open.remove(done.offset());
            }
            assertThat(assignment.open()).isEqualTo(open.size());
            long position = assignment.tracker().position();
            assertThat(position).isEqualTo(open.isEmpty() ? next : open.first());
            assertThat(position).isGreaterThanOrEqualTo(last);
            last = position;
        }
        assertThat(assignment.app().bytes()).isZero();
    }

    @Example
    void aRecordThatComesTwiceIsABug() {
        Assignment assignment = assignment(5);
        assignment.received(9, 0, 1);

        assertThatThrownBy(() -> assignment.received(9, 0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void aDeliveryThatEndsTwiceIsABug() {
        Receipt receipt = assignment(5).received(5, 0, 1);
        receipt.expect(new long[] {1, 2});
        receipt.done(1);
        assertThat(receipt.isDone()).isFalse();
        receipt.done(0);
        assertThat(receipt.isDone()).isTrue();

        assertThatThrownBy(() -> receipt.done(0)).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void whatRetentionDeletedIsSteppedOverWhenTheRestIsDone() {
        Assignment assignment = assignment(0);
        Receipt receipt = assignment.received(0, 0, 1);
        assignment.tracker().skipTo(100);
        assertThat(assignment.tracker().position()).isZero();
        receipt.done(0);

        assertThat(assignment.tracker().position()).isEqualTo(100);
    }

    @Example
    void whatEndsLateReleasesNothingTwice() {
        AppWindow app = new AppWindow(new ConsumedApp("app", List.of()));
        Assignment first = new Assignment(PARTITION, app, 0, null);
        Receipt late = first.received(0, 0, 10);
        first.end();
        Assignment second = new Assignment(PARTITION, app, 0, null);
        second.received(0, 0, 10);
        late.done(0);

        assertThat(app.bytes()).isEqualTo(10);
        assertThat(first.begin()).isFalse();
    }

    @Example
    void aParkedRecordStaysOpenAndHoldsNoMemory() {
        Assignment assignment = assignment(0);
        assignment.received(0, 0, 10).park();
        assignment.received(1, 0, 10).done(0);

        assertThat(assignment.app().bytes()).isZero();
        assertThat(assignment.tracker().position()).isZero();
    }
}
