package io.mqttrelay.ingest.write;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** A write's place in its lane, from the moment it arrives until Kafka has it. */
final class Slot implements Inbox.Task, Callback {
    final Lane lane;
    final long bytes;
    /** Null once it has ended: a slot may stay in its lane's list behind an older one, its message must not. */
    private volatile @Nullable Write write;

    /** Its place in the order of arrival: failed sends go back to it. Of {@code ingest-writer}. */
    long sequence;
    /** {@code nanoTime} of the last send. Of {@code ingest-writer}. */
    long sentAt;
    /** Which of the process' producers it was given to last. Of {@code ingest-writer}. */
    int producer;

    Slot(Lane lane, Write write) {
        this.lane = lane;
        this.bytes = write.bytes();
        this.write = write;
    }

    boolean ended() {
        return write == null;
    }

    @Nullable
    Write write() {
        return write;
    }

    /** Takes the write out: it has ended. */
    @Nullable
    Write end() {
        Write ending = write;
        write = null;
        return ending;
    }

    @Override
    public void run() {
        lane.take(this);
    }

    /** On the producer's thread, or within {@code send} on {@code ingest-writer}. */
    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure != null) {
            lane.sendFailed(this, failure);
            return;
        }
        Write stored = end();
        try {
            if (stored != null) {
                stored.stored(); // first: nothing counts as done that is not yet acknowledged
            }
        } finally {
            lane.stored(this);
        }
    }
}
