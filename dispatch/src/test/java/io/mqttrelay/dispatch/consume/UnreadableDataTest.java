package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

final class UnreadableDataTest {
    private static final TopicPartition ONE = new TopicPartition("relay.a", 1);
    private static final TopicPartition TWELVE = new TopicPartition("relay.a", 12);
    private static final TopicPartition LONGER = new TopicPartition("relay.a-1", 1);
    private static final List<TopicPartition> ALL = List.of(ONE, TWELVE, LONGER, new TopicPartition("a", 1));

    private static KafkaException failure(String message) {
        return new KafkaException(message);
    }

    @Test
    void findsThePartitionThatAMessageNames() {
        assertThat(UnreadableData.partition(
                        failure(
                                "Received exception when fetching the next record from relay.a-1. If needed, please seek"),
                        ALL))
                .contains(ONE);
        assertThat(UnreadableData.partition(
                        failure("Record batch for partition relay.a-12 at offset 7 is invalid, cause: bad"), ALL))
                .contains(TWELVE);
        assertThat(UnreadableData.partition(
                        failure("Encountered corrupt message when fetching offset 3 for topic-partition relay.a-1-1"),
                        ALL))
                .contains(LONGER);
    }

    @Test
    void findsThePartitionThatACauseNames() {
        assertThat(UnreadableData.partition(new KafkaException("no", failure("for topic-partition relay.a-12")), ALL))
                .contains(TWELVE);
    }

    @Test
    void findsNothingInAMessageWithoutAPartition() {
        assertThat(UnreadableData.partition(failure("Record size 3 is less than the minimum"), ALL))
                .isEmpty();
        assertThat(UnreadableData.partition(failure("of relay.a-123 or xrelay.a-1.b"), ALL))
                .isEmpty();
    }

    @Test
    void tellsUnreadableDataFromOtherKafkaErrors() {
        assertThat(UnreadableData.isReasonOf(failure("Record batch is invalid")))
                .isTrue();
        assertThat(UnreadableData.isReasonOf(new TopicAuthorizationException(Set.of("t"))))
                .isFalse();
        assertThat(UnreadableData.isReasonOf(new OffsetOutOfRangeException(Map.of(ONE, 1L))))
                .isFalse();
        assertThat(UnreadableData.isReasonOf(new CorruptRecordException("not from a fetch")))
                .isFalse();
        assertThat(UnreadableData.isReasonOf(failure("User rebalance callback throws an error")))
                .isFalse();
        assertThat(UnreadableData.isReasonOf(new IllegalStateException("a defect")))
                .isFalse();
    }

    @Test
    void recognizesUnreadableDataByTheFetchStack() {
        RuntimeException failure = new CorruptRecordException("Invalid magic found in record: 77");
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("org.apache.kafka.clients.consumer.internals.FetchCollector", "initialize", null, 1)
        });
        assertThat(UnreadableData.isReasonOf(failure)).isTrue();
    }
}
