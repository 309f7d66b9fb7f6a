package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The partition whose data fails every poll is found although no failure names it. */
final class UnreadableSearchTest {
    private static final int PARTITIONS = 9;

    /** Fails, as Kafka's client does, while it holds data of the partition that is at its fetch position. */
    private static final class Failing extends MockConsumer<byte[], byte[]> {
        private final TopicPartition bad;
        private boolean fetched = true;

        Failing(TopicPartition bad) {
            super("none");
            this.bad = bad;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(java.time.Duration timeout) {
            if (fetched && position(bad) == 5) {
                throw new KafkaException("Record size 3 is less than the minimum record overhead");
            }
            fetched = false;
            return ConsumerRecords.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 8})
    void findsThePartitionInAFewFailures(int number) {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            positions.put(new TopicPartition("t", i), 5L);
        }
        TopicPartition bad = new TopicPartition("t", number);
        Failing consumer = new Failing(bad);
        consumer.assign(positions.keySet());
        positions.forEach(consumer::seek);
        List<TopicPartition> paused = List.of(new TopicPartition("t", 1), new TopicPartition("t", 8));
        consumer.pause(paused);
        List<ConsumerRecords<byte[], byte[]>> handedOver = new ArrayList<>();
        UnreadableSearch search = new UnreadableSearch(consumer, (polled, but) -> handedOver.add(polled));

        Optional<TopicPartition> found = Optional.empty();
        for (int failures = 0; found.isEmpty() && failures < 5; failures++) {
            consumer.fetched = true;
            found = search.find(positions);
            assertThat(consumer.paused()).containsExactlyInAnyOrderElementsOf(paused);
            positions.forEach((partition, offset) ->
                    assertThat(consumer.position(partition)).isEqualTo(offset));
        }
        assertThat(found).contains(bad);
    }
}
