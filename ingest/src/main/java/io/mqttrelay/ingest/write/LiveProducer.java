package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The Kafka producer of now: one that can no longer be used is closed, and another one made after a while. */
@CalledOn("ingest-writer")
final class LiveProducer {
    private static final Logger LOG = LogManager.getLogger(LiveProducer.class);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final LongSupplier nanoTime;
    /** One that has worked for so long was no failure. */
    private static final long STEADY = Duration.ofMinutes(1).toNanos();

    private Retry renewal = new Retry();
    private @Nullable Producer<byte[], byte[]> current;
    private int number;
    private long made;

    LiveProducer(Supplier<Producer<byte[], byte[]>> producers, LongSupplier nanoTime) {
        this.producers = producers;
        this.nanoTime = nanoTime;
    }

    boolean exists() {
        return current != null;
    }

    /** Makes one if there is none and it is time; true: there is one from now on. */
    boolean renew(long now) {
        if (current != null || !renewal.isDue(now)) {
            return false;
        }
        try {
            current = producers.get();
            number++;
            made = now;
            return true;
        } catch (RuntimeException e) {
            renewal.failed(now);
            LOG.error("no Kafka producer can be made: {}", SendFailure.text(e));
            return false;
        }
    }

    /** While it exists: sends what {@code write} is now; what fails at once is told to the slot's lane, too. */
    void send(Slot slot, Write write) {
        Producer<byte[], byte[]> producer = current;
        if (producer == null) {
            throw new IllegalStateException("no producer");
        }
        ProducerRecord<byte[], byte[]> record;
        try {
            record = write.record();
        } catch (RuntimeException e) {
            LOG.error("a bug: a message cannot be made into a record", e);
            slot.lane.sendFailed(slot, new RecordTooLargeException("it cannot be made into a record: " + e, e));
            return;
        }
        slot.producer = number;
        try {
            var unused = producer.send(record, slot);
        } catch (RuntimeException e) {
            slot.lane.sendFailed(slot, e);
        }
    }

    /** The one that this was sent with is of no more use; what one before left behind says nothing of the one of now. */
    void end(Slot failed, String why) {
        Producer<byte[], byte[]> ending = current;
        if (ending == null || failed.producer != number) {
            return;
        }
        current = null;
        long now = nanoTime.getAsLong();
        if (now - made >= STEADY) {
            renewal = new Retry();
        }
        renewal.failed(now);
        LOG.error("the Kafka producer is closed and will be made anew; nothing is acknowledged meanwhile: {}", why);
        ending.close(Duration.ZERO);
    }

    /** After the thread's end: gives Kafka's client {@code limit} to end. */
    void close(Duration limit) {
        Producer<byte[], byte[]> ending = current;
        if (ending != null) {
            ending.close(limit);
        }
    }
}
