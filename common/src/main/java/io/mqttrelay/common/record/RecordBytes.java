package io.mqttrelay.common.record;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Serializes a consumed record, for a command that puts it aside for a short time. Not a storage format. */
public final class RecordBytes {
    private RecordBytes() {}

    /** Serializes the record with its key, headers and value. */
    public static byte[] of(ConsumerRecord<byte[], byte[]> record) {
        return bytes(record, record.value(), record.headers().toArray());
    }

    /**
     * Serializes the record without its value. The value's size is kept in the header that entries of a dead topic
     * use.
     */
    public static byte[] withoutValue(ConsumerRecord<byte[], byte[]> record) {
        RecordHeaders headers = new RecordHeaders(record.headers().toArray());
        if (record.headers().lastHeader(HeaderNames.PAYLOAD_SIZE) == null) {
            int size = record.value() == null ? 0 : record.value().length;
            headers.add(HeaderNames.PAYLOAD_SIZE, Integer.toString(size).getBytes(StandardCharsets.UTF_8));
        }
        return bytes(record, new byte[0], headers.toArray());
    }

    private static byte[] bytes(ConsumerRecord<byte[], byte[]> record, byte @Nullable [] value, Header[] headers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + (value == null ? 0 : value.length));
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(record.topic());
            out.writeInt(record.partition());
            out.writeLong(record.offset());
            out.writeLong(record.timestamp());
            write(out, record.key());
            out.writeInt(headers.length);
            for (Header header : headers) {
                write(out, header.key().getBytes(StandardCharsets.UTF_8));
                write(out, header.value());
            }
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    /** Deserializes the bytes of {@link #of} or {@link #withoutValue}. */
    public static ConsumerRecord<byte[], byte[]> record(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String topic = in.readUTF();
            int partition = in.readInt();
            long offset = in.readLong();
            long timestamp = in.readLong();
            byte[] key = read(in);
            RecordHeaders headers = new RecordHeaders();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                byte[] name = read(in);
                headers.add(name == null ? "" : new String(name, StandardCharsets.UTF_8), read(in));
            }
            byte[] value = read(in);
            return new ConsumerRecord<>(
                    topic,
                    partition,
                    offset,
                    timestamp,
                    TimestampType.CREATE_TIME,
                    key == null ? 0 : key.length,
                    value == null ? 0 : value.length,
                    key,
                    value,
                    headers,
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }
}
