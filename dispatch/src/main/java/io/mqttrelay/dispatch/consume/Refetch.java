package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What Kafka's client has fetched and cannot read, because its bytes have changed on their way, it keeps, and every poll
 * fails from then on. It lets go of it when it is to read from somewhere else.
 */
@CalledOn("dispatch-consumer")
final class Refetch {
    private Refetch() {}

    /** Whether a poll has failed so. Kafka has no type of its own for it. */
    static boolean helps(KafkaException failure) {
        return failure.getClass() == KafkaException.class;
    }

    /**
     * Everything that was fetched is fetched again. Partitions may come and go meanwhile, as in any poll.
     *
     * @param positions what is read next
     */
    static void everything(Consumer<?, ?> consumer, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> reading = new HashMap<>(positions);
        reading.keySet().removeAll(consumer.paused()); // of these, poll looks at nothing
        reading.keySet().retainAll(consumer.assignment());
        reading.forEach((partition, position) -> consumer.seek(partition, position + 1));
        try {
            consumer.poll(Duration.ZERO); // what it may bring is brought again
        } finally {
            reading.keySet().retainAll(consumer.assignment());
            reading.forEach(consumer::seek);
        }
    }
}
