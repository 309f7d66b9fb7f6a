package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.TopicNames;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The selected dead letters of some apps, the oldest first. Can be iterated several times; the iterator decodes one
 * entry at a time, so that memory does not depend on the number of entries. One thread.
 */
public final class DeadLetterListing implements Iterable<DeadLetterListing.Line>, AutoCloseable {
    /**
     * One dead letter.
     *
     * @param app the app of its topic, also if the entry names another
     */
    public record Line(String app, DeadLetterEntry entry) {
        /** Why the delivery was given up, in words. */
        public String reason() {
            return DeadLetterListing.reason(entry.reason());
        }
    }

    /** The spilled entries cannot be read; thrown by the iterator. */
    public static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient KafkaFailure failure;

        private Unreadable(KafkaFailure failure) {
            super(failure);
            this.failure = failure;
        }

        /** The cause, as a command reports it. */
        public KafkaFailure failure() {
            return failure;
        }
    }

    private final TopicReader reader;
    private final DeadLetterTable table;
    private final RecordCodec codec = new RecordCodec();
    private int[] entries = {};

    private DeadLetterListing(KafkaClients clients, ProgressListener progress) throws KafkaFailure {
        this.reader = TopicReader.open(clients, new StopRequest());
        this.table = new DeadLetterTable(codec, reader, progress, false);
    }

    /** Reads the dead topics of these apps. */
    public static DeadLetterListing read(
            KafkaClients clients,
            TopicNames names,
            Collection<String> apps,
            Selection selection,
            ProgressListener progress)
            throws KafkaFailure, InterruptedException {
        DeadLetterListing listing = new DeadLetterListing(clients, progress);
        try {
            for (String app : apps) {
                boolean unused = listing.table.read(app, names.dead(app), selection);
            }
            listing.entries = listing.table.oldest(selection.limit());
            return listing;
        } catch (KafkaFailure | InterruptedException | RuntimeException e) {
            listing.close();
            throw e;
        } finally {
            progress.end();
        }
    }

    /** Returns the text of a reason; null: a later version of the relay wrote it. */
    static String reason(@Nullable DeadReason reason) {
        return reason == null ? "unknown" : reason.text();
    }

    @Override
    public Iterator<Line> iterator() {
        return Arrays.stream(entries).mapToObj(this::line).iterator();
    }

    private Line line(int entry) {
        try {
            return new Line(table.kind(entry).app(), codec.decodeDead(table.record(entry)));
        } catch (KafkaFailure e) {
            throw new Unreadable(e);
        }
    }

    @Override
    public void close() {
        table.close();
        reader.close();
    }
}
