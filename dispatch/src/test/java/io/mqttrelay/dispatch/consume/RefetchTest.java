package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefetchTest {
    private static final TopicPartition READING = new TopicPartition("t", 0);
    private static final TopicPartition PAUSED = new TopicPartition("t", 1);
    private static final TopicPartition GONE = new TopicPartition("t", 2);
    private static final Map<TopicPartition, Long> POSITIONS = Map.of(READING, 10L, PAUSED, 20L, GONE, 30L);

    private final Map<TopicPartition, Long> whilePolling = new HashMap<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    @BeforeEach
    void assign() {
        consumer.assign(List.of(READING, PAUSED));
        consumer.seek(READING, 10);
        consumer.seek(PAUSED, 20);
        consumer.pause(List.of(PAUSED));
        consumer.schedulePollTask(() -> List.of(READING, PAUSED)
                .forEach(partition -> whilePolling.put(partition, consumer.position(partition))));
    }

    @Test
    void pollsFromSomewhereElseAndComesBack() {
        Refetch.everything(consumer, POSITIONS);
        assertThat(whilePolling).containsExactlyInAnyOrderEntriesOf(Map.of(READING, 11L, PAUSED, 20L));
        assertThat(consumer.position(READING)).isEqualTo(10);
        assertThat(consumer.position(PAUSED)).isEqualTo(20);
    }

    @Test
    void comesBackAlsoWhenThatPollFails() {
        consumer.setPollException(new KafkaException("simulated"));
        assertThatThrownBy(() -> Refetch.everything(consumer, POSITIONS)).hasMessage("simulated");
        assertThat(consumer.position(READING)).isEqualTo(10);
    }

    @Test
    void isForBytesThatCannotBeReadAndNotForWhatKafkaSays() {
        assertThat(Refetch.helps(new KafkaException("Record batch is invalid"))).isTrue();
        assertThat(Refetch.helps(new AuthorizationException("no"))).isFalse();
    }
}
