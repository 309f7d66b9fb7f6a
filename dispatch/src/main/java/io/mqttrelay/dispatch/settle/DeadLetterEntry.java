package io.mqttrelay.dispatch.settle;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One dead letter that is not stored yet. Any thread. */
final class DeadLetterEntry {
    /** Memory that the producer uses for a record besides key and value, about. */
    private static final int OVERHEAD = 512;

    private final ProducerRecord<byte[], byte[]> record;
    private final Runnable stored;
    private final AtomicBoolean isStored = new AtomicBoolean();

    /** @param stored run once, by any thread, when Kafka has stored it */
    DeadLetterEntry(ProducerRecord<byte[], byte[]> record, Runnable stored) {
        this.record = record;
        this.stored = stored;
    }

    ProducerRecord<byte[], byte[]> record() {
        return record;
    }

    int bytes() {
        return OVERHEAD
                + (record.key() == null ? 0 : record.key().length)
                + (record.value() == null ? 0 : record.value().length);
    }

    void stored() {
        if (isStored.compareAndSet(false, true)) {
            stored.run();
        }
    }
}
