package io.mqttrelay.dispatch.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.Run;
import io.mqttrelay.dispatch.progress.Tried;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Records that were tried are no longer in the log, as after compaction. */
final class HoleInTheLogTest {
    private static final long KEY = 1;

    private static Assignment stored(AddressProgress progress) {
        return new Assignment(
                new TopicPartition("t", 0),
                TestApps.windows(TestApps.app("app", KEY)),
                10,
                new OffsetAndMetadata(10, ProgressCodec.encode(new PartitionProgress(Map.of(KEY, progress)), 10)));
    }

    @Test
    void attemptsOfARecordThatIsGoneAreForgotten() {
        Assignment assignment = stored(new AddressProgress(
                List.of(new Run(10, 10), new Run(15, 15)), 20, Map.of(10L, new Tried(2, 0), 15L, new Tried(1, 0))));
        assignment.cursors().forEach(cursor -> cursor.readUpTo(12));
        assertThatCode(assignment::standing).doesNotThrowAnyException();
        assertThat(assignment.cursor(KEY).progress(20).attempts()).isEqualTo(Map.of(15L, new Tried(1, 0)));
    }

    @Test
    void leavesOutEntriesThatCannotBeWritten() {
        PartitionProgress progress = new PartitionProgress(Map.of(
                KEY, new AddressProgress(List.of(new Run(15, 15)), 20, Map.of(10L, new Tried(2, 0)))));
        assertThat(ProgressCodec.decode(ProgressCodec.encode(progress, 12), 12).addresses())
                .isEqualTo(Map.of(KEY, new AddressProgress(List.of(new Run(15, 15)), 20, Map.of())));
    }

    @Test
    void commitsThePositionIfNoProgressCanBeWritten() {
        PartitionProgress progress =
                new PartitionProgress(Map.of(KEY, new AddressProgress(List.of(new Run(5, 6)), 20, Map.of())));
        assertThat(ProgressCodec.encode(progress, 12)).isEmpty();
    }
}
