package io.mqttrelay.dispatch.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Estimates the memory that a record takes. */
final class RecordMemory {
    /** The record, its message, its deliveries and their places in lanes. */
    private static final int OBJECTS = 1024;

    private RecordMemory() {}

    static int of(ConsumerRecord<byte[], byte[]> record) {
        // sizes are -1 where there is no key or value
        int bytes = OBJECTS + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            byte[] value = header.value();
            bytes += 2 * (header.key().length() + (value == null ? 0 : value.length));
        }
        return bytes;
    }
}
