package io.mqttrelay.ingest.write;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The state of a message in its {@link AppQueue}, from its arrival until Kafka has stored it. */
final class Slot implements Inbox.Task, Callback {
    final AppQueue app;
    /** Null once it has ended. */
    private volatile @Nullable Write write;

    /**
     * The number in the order of arrival: a refused message returns to this place. Confined to {@code ingest-writer}.
     */
    long sequence;
    /** Memory of its record. Set before it is added to a queue. */
    long bytes;

    private boolean large;
    /** The queue where it waits, or from which it was sent. Set before it is added to the queue. */
    @Nullable
    PartitionQueue queue;
    /** The producers that got it last. Set before it is sent. */
    @Nullable
    Generation producer;

    Slot(AppQueue app, Write write) {
        this.app = app;
        this.write = write;
    }

    /** Adds it to a queue. On {@code ingest-writer}. */
    void enter(PartitionQueue next, Write present, int batchSize) {
        bytes = present.bytes();
        large = LargeRecords.isLarge(bytes, batchSize);
        queue = next;
        next.add(this);
    }

    @Nullable
    Write write() {
        return write;
    }

    /** Removes and returns the write, because it has ended. */
    @Nullable
    Write end() {
        Write ending = write;
        write = null;
        return ending;
    }

    PartitionQueue queue() {
        PartitionQueue mine = queue;
        if (mine == null) {
            throw new IllegalStateException("not in a queue");
        }
        return mine;
    }

    /** Whether its record goes to the producer for large records. */
    boolean isLarge() {
        return large;
    }

    @Override
    public void run() {
        app.take(this);
    }

    /** Handles a failed send. Any thread. */
    void sendFailed(Exception failure) {
        app.sendFailed(this, failure);
    }

    /**
     * Handles the answer, on the thread of Kafka's client; an immediate failure arrives within {@code send}, on the
     * sending thread. An error goes to {@code ingest-writer}, and ends the process: Kafka's client would end its own
     * thread and report nothing.
     */
    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        try {
            completed(failure);
        } catch (Error e) {
            app.failed(e);
        }
    }

    private void completed(@Nullable Exception failure) {
        if (failure != null) {
            sendFailed(failure);
            return;
        }
        Write stored = end();
        try {
            if (stored != null) {
                stored.stored(); // acknowledge first, so that no unacknowledged message counts as done
            }
        } finally {
            app.stored(this);
        }
    }
}
