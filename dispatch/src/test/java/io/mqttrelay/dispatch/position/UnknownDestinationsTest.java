package io.mqttrelay.dispatch.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.window.AppWindows;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Addresses that this dispatcher's configuration does not have, and that of another dispatcher may have. */
final class UnknownDestinationsTest {
    private static final long STRANGER = 7;

    @Test
    void keepsTheBacklogOfAnUnknownAddressFirst() {
        OffsetAndMetadata stored = new OffsetAndMetadata(
                500,
                ProgressCodec.encode(new PartitionProgress(Map.of(STRANGER, AddressProgress.beginningAt(500))), 500));
        long[] known = LongStream.rangeClosed(1_000_000, 1_001_000).toArray();
        Assignment assignment = new Assignment(
                new TopicPartition("d.app", 0), TestApps.windows(TestApps.app("app", known)), 500, stored);
        assignment.readUpTo(5000);

        OffsetAndMetadata standing = assignment.standing();
        assertThat(standing.offset()).isEqualTo(500);
        assertThat(ProgressCodec.decode(standing.metadata(), 500).addresses()).containsKey(STRANGER);
    }

    @Test
    void progressIsKeptUntilRetentionHasPassedIt() {
        OffsetAndMetadata stored = new OffsetAndMetadata(
                0, ProgressCodec.encode(new PartitionProgress(Map.of(STRANGER, AddressProgress.beginningAt(0))), 0));
        Assignment assignment =
                new Assignment(new TopicPartition("d.app", 0), TestApps.windows(TestApps.app("app", 1)), 0, stored);
        assignment.readUpTo(10);
        assignment.beginsAt(0);
        assertThat(assignment.position()).isZero();

        assignment.beginsAt(1);
        assertThat(assignment.cursors()).allMatch(cursor -> cursor.window().key() != STRANGER);
        assertThat(ProgressCodec.decode(assignment.standing().metadata(), assignment.position())
                        .addresses())
                .doesNotContainKey(STRANGER);
    }

    @Test
    void aPlaceIsKeptUntilRetentionHasPassedIt() {
        AppWindows windows = TestApps.windows(TestApps.app("app", 1, STRANGER));
        Assignment assignment = new Assignment(new TopicPartition("d.app", 0), windows, 0, null);
        assignment.cursor(STRANGER).window().configured(false);
        assignment.cursor(STRANGER).fallBehind(0);
        assignment.readUpTo(10);
        assignment.beginsAt(0);
        assertThat(assignment.position()).isZero();

        assignment.beginsAt(1);
        assertThat(assignment.cursor(STRANGER)).isNull();
    }
}
