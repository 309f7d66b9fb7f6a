package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.text.Sha256;
import io.mqttrelay.dispatch.deadletter.TopicReader.Range;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The position of a history replay in every partition: offsets of its own group, committed in the transactions that
 * send. An interrupted run is found by the text of its options; a completed one leaves nothing behind. One thread.
 */
final class HistoryPosition {
    private static final int HASH_DIGITS = 16;

    /**
     * The position of a run in one partition, as the metadata of the committed offset.
     *
     * @param run the run's id
     * @param end the offset after the last one to send
     * @param messages sent so far
     * @param deliveries sent so far
     * @param done whether the run has reached its end, in all partitions
     */
    private record Mark(String run, long end, long messages, long deliveries, boolean done) {
        private static final String VERSION = "1";
        private static final String DONE = "done";
        private static final String OPEN = "open";
        private static final int FIELDS = 6;

        String text() {
            return String.join(
                    " ",
                    VERSION,
                    run,
                    Long.toString(end),
                    Long.toString(messages),
                    Long.toString(deliveries),
                    done ? DONE : OPEN);
        }

        /** Empty: not written by this version. */
        static Optional<Mark> of(String text) {
            String[] fields = text.split(" ", -1);
            if (fields.length != FIELDS || !fields[0].equals(VERSION)) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Mark(
                        fields[1],
                        Long.parseLong(fields[2]),
                        Long.parseLong(fields[3]),
                        Long.parseLong(fields[4]),
                        fields[5].equals(DONE)));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    private static final class Partition {
        private long next;
        private Mark mark;

        Partition(long next, Mark mark) {
            this.next = next;
            this.mark = mark;
        }
    }

    private final String run;
    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    private HistoryPosition(String run) {
        this.run = run;
    }

    /** The group of a run: {@code <replay topic>.<hash of its options>}. */
    static String group(String replayTopic, String options) {
        return replayTopic + "." + Sha256.of(options).substring(0, HASH_DIGITS);
    }

    /** Makes a position at the beginning of these ranges. */
    static HistoryPosition begin(String run, Map<TopicPartition, Range> ranges) {
        HistoryPosition position = new HistoryPosition(run);
        ranges.forEach((partition, range) -> position.partitions.put(
                partition, new Partition(range.from(), new Mark(run, range.to(), 0, 0, false))));
        return position;
    }

    /**
     * Finds the position of an earlier process in the committed offsets; empty: there is none, or its run was
     * completed.
     */
    static Optional<HistoryPosition> find(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Partition> found = new HashMap<>();
        committed.forEach((partition, offset) -> Mark.of(offset.metadata())
                .filter(mark -> !mark.done())
                .ifPresent(mark -> found.put(partition, new Partition(offset.offset(), mark))));
        Optional<String> run =
                found.values().stream().map(each -> each.mark.run()).findAny();
        return run.map(id -> {
            HistoryPosition position = new HistoryPosition(id);
            position.partitions.putAll(found);
            return position;
        });
    }

    /** The ranges that are left to read. */
    Map<TopicPartition, Range> left() {
        Map<TopicPartition, Range> left = new HashMap<>();
        partitions.forEach((partition, each) -> left.put(partition, new Range(each.next, each.mark.end())));
        return left;
    }

    /** Notes that everything before {@code next} was sent or skipped. */
    void passed(TopicPartition partition, long next, int messages, int deliveries) {
        Partition passed = partitions.get(partition);
        if (passed != null) {
            Mark mark = passed.mark;
            passed.next = next;
            passed.mark =
                    new Mark(mark.run(), mark.end(), mark.messages() + messages, mark.deliveries() + deliveries, false);
        }
    }

    /** The offsets to commit with the sent records. */
    Map<TopicPartition, OffsetAndMetadata> offsets(boolean done) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach((partition, each) -> {
            Mark mark = each.mark;
            Mark said = new Mark(mark.run(), mark.end(), mark.messages(), mark.deliveries(), done);
            offsets.put(partition, new OffsetAndMetadata(each.next, said.text()));
        });
        return offsets;
    }

    String run() {
        return run;
    }

    long messages() {
        return marks().stream().mapToLong(Mark::messages).sum();
    }

    long deliveries() {
        return marks().stream().mapToLong(Mark::deliveries).sum();
    }

    private Collection<Mark> marks() {
        return partitions.values().stream().map(each -> each.mark).toList();
    }
}
