package io.mqttrelay.ingest.write;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;

/**
 * A pair of Kafka producers: one for small records and one for large ones. They have separate connections, so that no
 * small record waits behind a large one. The process replaces a generation when it is unusable or stuck. Any thread.
 */
final class Generation {
    final int number;
    final long made;
    private final Producer<byte[], byte[]> producer;
    private final Producer<byte[], byte[]> large;
    private volatile boolean usable = true;

    private Generation(int number, long made, Producer<byte[], byte[]> producer, Producer<byte[], byte[]> large) {
        this.number = number;
        this.made = made;
        this.producer = producer;
        this.large = large;
    }

    /**
     * Creates both producers.
     *
     * @throws RuntimeException one of them cannot be created; none is left open
     */
    static Generation make(int number, long now, RecordWriter.Producers producers) {
        Producer<byte[], byte[]> producer = producers.small().get();
        try {
            return new Generation(number, now, producer, producers.large().get());
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * The number of partitions of a topic; 0: one of the producers does not know the topic yet and has requested its
     * metadata. Never blocks.
     */
    int partitions(String topic) {
        int known = partitions(large, topic);
        int found = partitions(producer, topic);
        return known == 0 ? 0 : found;
    }

    private static int partitions(Producer<byte[], byte[]> producer, String topic) {
        try {
            List<PartitionInfo> partitions = producer.partitionsFor(topic);
            return partitions == null ? 0 : partitions.size();
        } catch (KafkaException | IllegalStateException e) {
            return 0; // the topic keeper or the first send reports the problem
        }
    }

    /** Passes a record to Kafka's client. An immediate failure is reported to the slot as well. */
    void send(Slot slot, ProducerRecord<byte[], byte[]> record) {
        try {
            var unused = (slot.isLarge() ? large : producer).send(record, slot);
        } catch (RuntimeException e) {
            slot.sendFailed(e);
        }
    }

    /** Whether records may be sent: it has not failed, and is not being closed. */
    boolean isUsable() {
        return usable;
    }

    /** Marks it as failed, or as being closed: no record is sent any more. */
    void end() {
        usable = false;
    }

    /** Closes both producers, within {@code limit}. */
    void close(Duration limit) {
        long begin = System.nanoTime();
        try {
            producer.close(limit);
        } finally {
            Duration left = limit.minusNanos(System.nanoTime() - begin);
            large.close(left.isNegative() ? Duration.ZERO : left);
        }
    }
}
