package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Writes in transactions, one replay of an app at a time: opening a writer ends the one before. One thread. */
final class ReplayWriter implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;

    /** @param producer whose transactions are initialised; owned by the writer from now on */
    ReplayWriter(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Opens a writer. An unfinished transaction of an earlier process is aborted, and a finished one is completed. */
    static ReplayWriter open(KafkaClients clients, String transactionalId) throws KafkaFailure {
        try {
            Producer<byte[], byte[]> producer = clients.transactionalProducer("writer", transactionalId);
            ReplayWriter writer = new ReplayWriter(producer);
            try {
                producer.initTransactions();
            } catch (KafkaException e) {
                writer.close();
                throw e;
            }
            return writer;
        } catch (KafkaException e) {
            throw KafkaFailure.of(e);
        }
    }

    /** Records that become visible together. */
    record Step(List<ProducerRecord<byte[], byte[]>> records, Optional<Positions> positions) {}

    /** Offsets of a group, committed with the records. */
    record Positions(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {}

    /**
     * Writes all records or none.
     *
     * @return false: none, because a record is larger than its topic takes
     */
    boolean write(Step step) throws KafkaFailure {
        try {
            producer.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : step.records()) {
                var unused = producer.send(record); // the commit fails if one of them fails
            }
            step.positions().ifPresent(moved -> producer.sendOffsetsToTransaction(moved.offsets(), moved.group()));
            producer.commitTransaction();
            return true;
        } catch (KafkaException e) {
            if (!KafkaFailure.isTooLarge(e)) {
                throw KafkaFailure.of(e);
            }
            abort();
            return false;
        }
    }

    private void abort() throws KafkaFailure {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            throw KafkaFailure.of(e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
