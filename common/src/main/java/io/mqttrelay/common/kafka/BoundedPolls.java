package io.mqttrelay.common.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A consumer whose polls return a bounded number of uncompressed bytes, at any compression ratio. A poll returns one
 * record, and further records while all of them fit the limit. Kafka's own limits are for compressed bytes and for
 * the number of records.
 *
 * <p>The deserializer of values enforces the limit: it refuses the record that exceeds it. The client then returns
 * the records before it, and deserializes the refused record again at the next poll. The first record of a poll is
 * never refused, so the exception never leaves the client.
 */
final class BoundedPolls extends KafkaConsumer<byte[], byte[]> {
    private final Budget budget;

    /** @param bytes limit of one poll, uncompressed */
    BoundedPolls(Map<String, Object> config, long bytes) {
        this(config, new Budget(bytes));
    }

    private BoundedPolls(Map<String, Object> config, Budget budget) {
        super(config, new ByteArrayDeserializer(), budget);
        this.budget = budget;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        budget.begin();
        return super.poll(timeout);
    }

    /** Counts the bytes of values and headers in one poll. */
    static final class Budget implements Deserializer<byte[]> {
        private final long bytes;
        private long left;
        private boolean first = true;

        Budget(long bytes) {
            this.bytes = bytes;
        }

        void begin() {
            left = bytes;
            first = true;
        }

        @Override
        public byte[] deserialize(String topic, byte[] data) {
            return data;
        }

        @Override
        public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
            long size = data.remaining() + size(headers);
            if (!first && size > left) {
                throw new SpentException();
            }
            first = false;
            left -= size;
            byte[] value = new byte[data.remaining()];
            data.duplicate().get(value); // the client asks the buffer for its size afterwards
            return value;
        }

        private static long size(Headers headers) {
            long size = 0;
            for (Header header : headers) {
                byte[] value = header.value();
                size += value == null ? 0 : value.length;
            }
            return size;
        }
    }

    /** Refuses a record: it is returned by the next poll. */
    private static final class SpentException extends SerializationException {
        private static final long serialVersionUID = 1;

        SpentException() {
            super("this poll brings enough");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
