package io.mqttrelay.ingest.write;

import io.mqttrelay.common.record.RecordSize;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Passes the messages of one app to Kafka's client, group by group.
 *
 * <p>A group of several messages must become one batch of Kafka's client, or a part of it could be refused and the
 * rest stored. So a group is passed only on the client's own thread, which drains batches and cannot drain while it
 * fills one. A group is never larger than a batch. {@code ingest-writer} passes single messages, which start a
 * sequence of groups.
 */
final class HandOver {
    /** The app's queue as seen by the hand-over. Any thread. */
    interface Messages {
        /** Whether the app sends nothing now. */
        boolean isBlocked();

        /** Reports that the message has left its queue, because the MQTT broker will deliver it again. */
        void comesAgain(Slot slot);
    }

    private static final Logger LOG = LogManager.getLogger(HandOver.class);

    final Order order = new Order();
    private final Messages messages;
    private final AppQueue.Sender sender;
    private final SendWindow window;
    private final Partitions partitions;
    private final DeadLetterQueues dead;
    private final AtomicInteger inFlight = new AtomicInteger();

    HandOver(
            Messages messages,
            AppQueue.Sender sender,
            SendWindow window,
            Partitions partitions,
            DeadLetterQueues dead) {
        this.messages = messages;
        this.sender = sender;
        this.window = window;
        this.partitions = partitions;
        this.dead = dead;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Hands over the waiting messages of all queues, in turn. */
    void all(@Nullable Generation caller) {
        partitions.inTurn(queue -> of(queue, caller));
        dead.each(queue -> of(queue, caller));
    }

    /** @param caller the generation on whose thread this runs; null: on {@code ingest-writer} */
    void of(PartitionQueue queue, @Nullable Generation caller) {
        boolean again = true;
        while (again) {
            again = handOverGroup(queue, caller);
        }
    }

    /** Hands over one group. True: another group may follow at once. */
    private boolean handOverGroup(PartitionQueue queue, @Nullable Generation caller) {
        Generation with = queue.isOfDeadLetters() ? sender.producer() : partitions.producer();
        if (with == null || messages.isBlocked() || !queue.open(with, sender.nanoTime())) {
            return false;
        }
        boolean room = fill(queue, with, with == caller);
        long cost = queue.close();
        if (cost == PartitionQueue.GOES_ON) {
            return false;
        }
        leftWindow(queue, cost);
        return room;
    }

    /** Fills the group. False: the window has no free memory. */
    private boolean fill(PartitionQueue queue, Generation with, boolean together) {
        int most = together && !queue.isOfDeadLetters() && queue.takesSeveral() ? sender.batchSize() / 3 * 2 : 0;
        boolean entered = false;
        int bytes = 0;
        for (Slot slot = queue.first(); slot != null; slot = queue.first()) {
            Write write = slot.write();
            if (write == null || write.comesAgain()) {
                letGo(slot, queue);
                continue;
            }
            if (bytes > 0 && (slot.isLarge() || bytes + slot.bytes > most)) {
                break;
            }
            if (!order.mayPass(slot.sequence)) {
                return false;
            }
            if (!entered) {
                entered = enter(queue, slot); // before the record is created, which copies the payload
                if (!entered) {
                    return false;
                }
            }
            ProducerRecord<byte[], byte[]> record = record(write, queue);
            int size = record == null ? 0 : RecordSize.atMost(record);
            if (bytes > 0 && bytes + size > most) {
                break;
            }
            if (!queue.take(slot, true)) {
                break; // the first message has changed, so the reserved memory may be that of another size
            }
            bytes += Math.max(1, size);
            send(slot, record, with);
            if (slot.isLarge() || queue.isHalted()) {
                break; // a large record is a group by itself: it goes to the other producer
            }
        }
        return true;
    }

    private SendWindow window(PartitionQueue queue) {
        return queue.isOfDeadLetters() ? dead.window : window;
    }

    private boolean enter(PartitionQueue queue, Slot first) {
        long cost = Math.max(sender.batchSize(), first.bytes);
        if (!window(queue).enter(cost)) {
            return false;
        }
        queue.costs(cost);
        return true;
    }

    private @Nullable ProducerRecord<byte[], byte[]> record(Write write, PartitionQueue queue) {
        try {
            ProducerRecord<byte[], byte[]> record = write.record();
            queue.topic(record.topic());
            return queue.isOfDeadLetters() || !partitions.areOf(record.topic())
                    ? record
                    : new ProducerRecord<>(
                            record.topic(),
                            queue.partition,
                            record.timestamp(),
                            record.key(),
                            record.value(),
                            record.headers());
        } catch (RuntimeException e) {
            LOG.error("a bug: a message cannot be made into a record", e);
            return null;
        }
    }

    private void send(Slot slot, @Nullable ProducerRecord<byte[], byte[]> record, Generation with) {
        slot.producer = with;
        inFlight.incrementAndGet();
        if (record == null) {
            slot.sendFailed(new RecordTooLargeException("it cannot be made into a record"));
        } else {
            with.send(slot, record);
        }
    }

    private void letGo(Slot slot, PartitionQueue queue) {
        if (queue.take(slot, false)) {
            messages.comesAgain(slot);
        }
    }

    private boolean leftWindow(PartitionQueue queue, long cost) {
        return cost > 0 && window(queue).left(cost);
    }

    /**
     * Ends a message of the queue's group. If the whole group has ended, hands over the next one.
     *
     * @param cost as the queue answered
     */
    void ended(PartitionQueue queue, long cost, @Nullable Generation caller) {
        inFlight.decrementAndGet();
        if (cost == PartitionQueue.GOES_ON) {
            return;
        }
        if (leftWindow(queue, cost)) {
            all(caller);
        } else {
            of(queue, caller);
        }
    }
}
