package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.record.RecordSize;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One dead letter that is not stored yet. Any thread. */
final class PendingDeadLetter {
    /** Memory that the producer uses for a record besides its bytes, about. */
    private static final int OVERHEAD = 512;

    private final ProducerRecord<byte[], byte[]> record;
    private final Runnable stored;
    private final int bytes;
    private final AtomicBoolean isStored = new AtomicBoolean();

    /** @param stored run once, by any thread, when Kafka has stored it */
    PendingDeadLetter(ProducerRecord<byte[], byte[]> record, Runnable stored) {
        this.record = record;
        this.stored = stored;
        this.bytes = OVERHEAD + Math.min(RecordSize.atMost(record), Integer.MAX_VALUE - OVERHEAD);
    }

    ProducerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Memory that the letter uses in the producer, its headers included. */
    int bytes() {
        return bytes;
    }

    void stored() {
        if (isStored.compareAndSet(false, true)) {
            stored.run();
        }
    }
}
