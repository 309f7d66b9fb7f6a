package io.mqttrelay.common.record;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Computes the size of a record in a batch before compression. */
public final class RecordSize {
    /** Bytes of length, attributes, timestamp, offset, and the lengths of key, value and the list of headers. */
    private static final int FIXED = 36;

    private static final int LENGTHS_OF_HEADER = 10;
    private static final int LONGEST_CHARACTER = 3;

    private RecordSize() {}

    /** An upper bound of the record's bytes, close to the actual size. */
    public static int atMost(ProducerRecord<byte[], byte[]> record) {
        long bytes = FIXED + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            bytes += LENGTHS_OF_HEADER + nameLength(header.key()) + length(header.value());
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static int nameLength(String name) {
        return name.length() < 64 ? LONGEST_CHARACTER * name.length() : name.getBytes(StandardCharsets.UTF_8).length;
    }

    @SuppressWarnings("NullAway") // Kafka's class does not declare that a record's parts may be null
    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
