package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The open failures of an app: its dead topic read as a table, the last record of a key wins and an empty one removes it.
 * Holds what is selected, without payloads.
 */
final class DeadLetterTable {
    /** An open failure, and where it lies. */
    record Lying(DeadLetterEntry entry, TopicPartition partition, long offset) {}

    /** The order in which they became dead letters. */
    private static final Comparator<Lying> BY_AGE = Comparator.comparingLong(
                    (Lying each) -> each.entry().deadAt())
            .thenComparing(each -> each.entry().id());

    private final RecordCodec codec;
    private final TopicReader reader;

    private final Progress progress;

    DeadLetterTable(RecordCodec codec, TopicReader reader, Progress progress) {
        this.codec = codec;
        this.reader = reader;
        this.progress = progress;
    }

    /**
     * What is selected, the oldest first.
     *
     * @return empty: the end was asked for before all was read
     */
    Optional<List<Lying>> read(String deadTopic, Selection selection) throws KafkaFailure, InterruptedException {
        Map<String, Lying> selected = new HashMap<>();
        TopicReader.Ticks ticks = (done, total) -> progress.at("reading " + deadTopic, done, total);
        boolean whole = reader.read(reader.whole(deadTopic), ticks, record -> {
            take(record, selection, selected);
            return true;
        });
        if (!whole) {
            return Optional.empty();
        }
        return Optional.of(selected.values().stream()
                .sorted(BY_AGE)
                .limit(selection.limit())
                .toList());
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Selection selection, Map<String, Lying> selected) {
        if (record.key() == null) {
            return; // not in the table: nothing could remove it
        }
        // one byte a character; a key that moved to a new partition leaves its old entry where that was
        String key = record.partition() + ":" + new String(record.key(), StandardCharsets.ISO_8859_1);
        DeadLetterEntry entry = codec.decodeDead(record);
        if (record.value() == null || !selection.takes(entry)) {
            selected.remove(key);
        } else {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            selected.put(key, new Lying(entry, partition, record.offset()));
        }
    }
}
