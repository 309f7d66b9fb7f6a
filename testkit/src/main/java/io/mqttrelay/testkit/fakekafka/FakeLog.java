package io.mqttrelay.testkit.fakekafka;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The log of one partition: records in the order of their offsets, with gaps. One thread. */
public final class FakeLog {
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private long beginning;
    private long end;

    /**
     * Appends a record.
     *
     * @throws IllegalArgumentException if its offset is below the end offset
     */
    public void append(ConsumerRecord<byte[], byte[]> record) {
        if (record.offset() < end) {
            throw new IllegalArgumentException("offset " + record.offset() + " is before the end, " + end);
        }
        records.add(record);
        end = record.offset() + 1;
    }

    /** Appends a gap of offsets without records, as for the markers of a transaction. */
    public void appendGap(long offsets) {
        end += offsets;
    }

    /** Deletes all records before this offset, as retention does. The offset is at most the end offset. */
    public void deleteBefore(long offset) {
        beginning = Math.max(beginning, Math.min(offset, end));
        records.removeIf(record -> record.offset() < beginning);
    }

    /** The log start offset. */
    public long beginning() {
        return beginning;
    }

    /** The end offset: behind the last record, or behind a gap that follows it. */
    public long end() {
        return end;
    }

    /** At most {@code most} records, starting at this offset. */
    List<ConsumerRecord<byte[], byte[]>> read(long offset, int most) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() >= offset && found.size() < most) {
                found.add(record);
            }
        }
        return found;
    }
}
