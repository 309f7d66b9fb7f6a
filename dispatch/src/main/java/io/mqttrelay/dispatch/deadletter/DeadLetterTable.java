package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordBytes;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.dispatch.deadletter.OpenEntries.IdOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The open failures of apps: reads their dead topics as tables, once. The last record of a key wins, and an empty one
 * removes it. Selected entries are spilled as they are read, so that memory does not depend on payloads and nothing is
 * read again. One thread.
 */
final class DeadLetterTable implements AutoCloseable {
    private static final int IN_MEMORY = 8 * 1024 * 1024;
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int BYTE = 0xff;

    /** The fields that many entries have in common. */
    record Kind(
            String app,
            @Nullable String clientId,
            @Nullable String address,
            @Nullable DeadReason reason) {}

    private final RecordCodec codec;
    private final TopicReader reader;
    private final ProgressListener progress;
    private final boolean withPayloads;
    private final OpenEntries entries = new OpenEntries();
    private final Spill spill = new Spill(IN_MEMORY, Path.of(System.getProperty("java.io.tmpdir")));
    private final Map<Kind, Integer> numbers = new HashMap<>();
    private final List<Kind> kinds = new ArrayList<>();

    /** @param withPayloads false: {@link #record} returns records without a value */
    DeadLetterTable(RecordCodec codec, TopicReader reader, ProgressListener progress, boolean withPayloads) {
        this.codec = codec;
        this.reader = reader;
        this.progress = progress;
        this.withPayloads = withPayloads;
    }

    /**
     * Reads the dead topic of an app.
     *
     * @return false: the user has asked for the end before all was read
     */
    boolean read(String app, String deadTopic, Selection selection) throws KafkaFailure, InterruptedException {
        TopicReader.Ticks ticks = (done, total) -> progress.at("reading " + deadTopic, done, total);
        return reader.read(reader.whole(deadTopic), ticks, record -> {
            take(app, record, selection);
            return true;
        });
    }

    private void take(String app, ConsumerRecord<byte[], byte[]> record, Selection selection) throws KafkaFailure {
        if (record.key() == null) {
            return; // not in the table: no record could remove it
        }
        // a key that moved to a new partition leaves its old entry in the old one
        long hash = keyHash(app, record.partition(), record.key());
        if (record.value() == null) {
            entries.remove(hash);
            return;
        }
        DeadLetterEntry entry = codec.decodeDead(record);
        if (selection.takes(entry)) {
            byte[] bytes = withPayloads ? RecordBytes.of(record) : RecordBytes.withoutValue(record);
            entries.put(hash, number(app, entry), entry.deadAt(), IdOrder.of(entry.id()), spill.add(bytes));
        } else {
            entries.remove(hash);
        }
    }

    /**
     * Returns a 64 bit hash of a key in a partition of an app's dead topic: two of a million keys hardly ever have the
     * same. It is FNV-1a, mixed once more because a hash set looks at the low bits only.
     */
    static long keyHash(String appId, int partition, byte[] key) {
        long hash = (OFFSET_BASIS ^ appId.hashCode()) * PRIME ^ partition;
        for (byte b : key) {
            hash = (hash ^ (b & BYTE)) * PRIME;
        }
        return (hash ^ (hash >>> 32)) * PRIME;
    }

    private int number(String app, DeadLetterEntry entry) {
        Kind kind = new Kind(app, entry.clientId(), entry.address(), entry.reason());
        return numbers.computeIfAbsent(kind, added -> {
            kinds.add(added);
            return kinds.size() - 1;
        });
    }

    /** The numbers of the selected entries, the oldest first, {@code limit} at most; other methods take them. */
    int[] oldest(long limit) {
        return entries.oldest(limit);
    }

    /** Sorts entries by the arrival of their messages, as far as ids tell. */
    void sortByArrival(int[] some) {
        entries.sortById(some);
    }

    Kind kind(int entry) {
        return kinds.get(entries.kind(entry));
    }

    /** The entry as stored in Kafka. */
    ConsumerRecord<byte[], byte[]> record(int entry) throws KafkaFailure {
        return RecordBytes.record(spill.get(entries.position(entry)));
    }

    @Override
    public void close() {
        spill.close();
    }
}
