package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.record.RecordCodec;
import java.util.Arrays;
import java.util.Iterator;

/** The selected entries of a table as lines, the oldest first; the iterator decodes one at a time. */
final class DeadLetterLines implements Iterable<DeadLetterList.Line> {
    /** The spilled entries cannot be read; thrown by the iterator. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient KafkaFailure failure;

        Unreadable(KafkaFailure failure) {
            super(failure);
            this.failure = failure;
        }

        KafkaFailure failure() {
            return failure;
        }
    }

    private final DeadLetterTable table;
    private final int[] entries;
    private final RecordCodec codec = new RecordCodec();

    /** @param limit largest number of lines */
    DeadLetterLines(DeadLetterTable table, long limit) {
        this.table = table;
        this.entries = table.oldest(limit);
    }

    @Override
    public Iterator<DeadLetterList.Line> iterator() {
        return Arrays.stream(entries).mapToObj(this::line).iterator();
    }

    private DeadLetterList.Line line(int entry) {
        try {
            return new DeadLetterList.Line(table.kind(entry).app(), codec.decodeDead(table.record(entry)));
        } catch (KafkaFailure e) {
            throw new Unreadable(e);
        }
    }
}
