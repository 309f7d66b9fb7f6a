package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.testkit.guarantee.SequencedMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the same number of messages on each of several topics, round by round, like ingest, and keeps none in memory.
 */
final class SequencedRecords implements AutoCloseable {
    static final String ROUTE = "r";
    static final String APP = "app";

    private final RecordCodec codec = new RecordCodec();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final String kafkaTopic;
    private final int topics;
    private final int bytes;
    private final KafkaProducer<byte[], byte[]> producer;
    private Future<RecordMetadata> last = CompletableFuture.completedFuture(null);
    private int round;

    /**
     * @param topics MQTT topics
     * @param bytes of each payload
     */
    SequencedRecords(String bootstrapServers, String kafkaTopic, int topics, int bytes) {
        this.kafkaTopic = kafkaTopic;
        this.topics = topics;
        this.bytes = bytes;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5, "batch.size", 64 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Writes this many rounds, with one message on each topic. */
    void rounds(int count) {
        for (int end = round + count; round < end; round++) {
            for (int topic = 0; topic < topics; topic++) {
                write(new SequencedMessage(topic, round));
            }
        }
    }

    private void write(SequencedMessage message) {
        RelayMessage relayed = new RelayMessage(
                "id-" + message.topic() + "-" + message.sequence(),
                APP,
                ROUTE,
                System.currentTimeMillis(),
                message.mqttTopic(),
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                message.payload(bytes));
        last = producer.send(codec.encode(relayed, Ordering.TOPIC, kafkaTopic), (stored, failed) -> {
            if (failed != null) {
                failure.set(failed);
            }
        });
    }

    /** Waits until all records are stored. */
    void flush() {
        producer.flush();
        if (!last.isDone() || failure.get() != null) {
            throw new IllegalStateException("a test's record could not be written", failure.get());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
