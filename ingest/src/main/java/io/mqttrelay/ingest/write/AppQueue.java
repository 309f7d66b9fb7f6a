package io.mqttrelay.ingest.write;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one app on their way into Kafka. The queue has a {@link PartitionQueue} for each partition of the
 * app's topic, and some for its dead letters, which block no message.
 *
 * <p>Confined to {@code ingest-writer}, except {@link #stored}, {@link #sendFailed} and {@link HandOver}.
 */
final class AppQueue implements HandOver.Messages {
    /** The writer as seen by a queue. Any thread. */
    interface Sender {
        /** The current producers; null: nothing can be sent now. */
        @Nullable
        Generation producer();

        /** The {@code batch.size} of Kafka's client, bytes. */
        int batchSize();

        void later(Inbox.Task task);

        /** Handles a failed send. On {@code ingest-writer}. */
        void failed(Slot slot, SendFailure failure, String why);

        long nanoTime();
    }

    /** The prefix of a problem that all apps have: one log line is enough for all of them. */
    static final String AWAY = "waits: ";

    /** The initial reason why nothing is sent. */
    static final String NEW = "its Kafka topics have not been looked at yet";

    private static final long LONG = Duration.ofSeconds(5).toNanos();
    private static final Logger LOG = LogManager.getLogger(AppQueue.class);

    private final String appId;
    private final Sender sender;
    private final Partitions partitions;
    private final HandOver handOver;
    private final DeadLetterQueues dead;
    private final Deque<Slot> unassigned = new ArrayDeque<>();
    private final AtomicInteger pending = new AtomicInteger();

    private long lastSequence;

    /** Why nothing is sent; null: the queue sends. */
    private volatile @Nullable String blocked = NEW;

    private @Nullable Retry retry;
    private @Nullable String told;

    AppQueue(String appId, String topic, Sender sender, SendWindow window) {
        this.appId = appId;
        this.sender = sender;
        this.partitions = new Partitions(topic);
        this.dead = new DeadLetterQueues(window.another());
        this.handOver = new HandOver(this, sender, window, partitions, dead);
        window.whenTurn(() -> sender.later(this::flush));
    }

    String appId() {
        return appId;
    }

    void take(Slot slot) {
        Write write = slot.write();
        if (write == null) {
            return;
        }
        pending.incrementAndGet();
        slot.sequence = ++lastSequence;
        if (isDeadLetter(write)) {
            add(slot, write, dead.next());
        } else if (partitions.known() || lookAtPartitions()) {
            add(slot, write, partitions.of(write));
        } else {
            unassigned.add(slot);
        }
    }

    private static boolean isDeadLetter(Write write) {
        try {
            return write.isDeadLetter();
        } catch (RuntimeException e) {
            LOG.error("a bug: a message cannot be looked at", e);
            return false;
        }
    }

    private void add(Slot slot, Write write, PartitionQueue queue) {
        slot.enter(queue, write, sender.batchSize());
        handOver.of(queue, null);
    }

    /** Checks the partitions; true: they are known. */
    private boolean lookAtPartitions() {
        Generation producer = sender.producer();
        if (producer == null || blocked != null) {
            return partitions.known();
        }
        List<Slot> moved = partitions.look(producer, sender.nanoTime());
        if (partitions.known()) {
            moved.forEach(this::assign);
            for (Slot next = unassigned.poll(); next != null; next = unassigned.poll()) {
                assign(next);
            }
        }
        return partitions.known();
    }

    private void assign(Slot slot) {
        Write write = slot.write();
        if (write != null) {
            add(slot, write, partitions.of(write));
        }
    }

    /** Sends waiting messages, as far as the limits allow. */
    void flush() {
        if (pending.get() > 0) {
            lookAtPartitions();
            handOver.all(null);
        }
    }

    @Override
    public void comesAgain(Slot slot) {
        sender.later(() -> released(slot));
    }

    private void released(Slot slot) {
        pending.decrementAndGet();
        Write write = slot.end();
        if (write != null) {
            write.released();
        }
    }

    /**
     * Ends a stored message and hands over the messages that have gathered meanwhile. On the thread of Kafka's
     * client.
     */
    void stored(Slot slot) {
        pending.decrementAndGet();
        PartitionQueue queue = slot.queue();
        // only the thread of the producer for small records may hand over a group
        handOver.ended(queue, queue.stored(), slot.isLarge() ? null : slot.producer);
    }

    /** Handles a failed send. Any thread. */
    void sendFailed(Slot slot, Exception failure) {
        SendFailure kind = SendFailure.of(failure);
        if (kind != SendFailure.TOO_LARGE) {
            slot.queue().halt();
        }
        String why = SendFailure.text(failure);
        sender.later(() -> takeBack(slot, kind, why));
    }

    /** Passes an error on to the thread of the writer. Any thread. */
    void failed(Error error) {
        sender.later(() -> {
            throw error;
        });
    }

    private void takeBack(Slot slot, SendFailure kind, String why) {
        PartitionQueue queue = slot.queue();
        if (kind == SendFailure.TOO_LARGE) {
            handOver.ended(queue, queue.left(), null);
            sendSmaller(slot, why);
        } else {
            sender.failed(slot, kind, why);
            handOver.ended(queue, queue.gaveBack(slot), null);
        }
    }

    private void sendSmaller(Slot slot, String why) {
        Write write = slot.write();
        if (write == null) {
            return;
        }
        if (write.shrink(why)) {
            add(slot, write, dead.next());
        } else {
            pending.decrementAndGet();
            slot.end();
            write.dropped(why);
        }
    }

    /** Blocks the queue because of {@code why}, until {@link #unblock}. */
    void block(String why) {
        blocked = why;
    }

    /** Stops sending to a partition whose records Kafka refuses, until {@link #retryDue}. */
    void refused(PartitionQueue queue, String why) {
        queue.refuse(why);
        if (retry == null) {
            retry = new Retry();
            retry.failed(sender.nanoTime());
        }
    }

    /** Whether it is time to retry refused partitions; true once per wait. */
    boolean retryDue() {
        Retry waiting = retry;
        if (waiting == null) {
            return false;
        }
        if (problem() == null && !isRefused()) {
            retry = null;
            return false;
        }
        long now = sender.nanoTime();
        if (blocked != null || !isRefused() || !waiting.isDue(now)) {
            return false;
        }
        waiting.failed(now);
        return true;
    }

    /**
     * Handles missing metadata: Kafka's client has lost the topic, for example after losing all brokers. A dead
     * letter is retried later.
     */
    void noMetadata(PartitionQueue queue, String why) {
        if (queue.isOfDeadLetters()) {
            refused(queue, why);
        } else {
            partitions.forget(sender.nanoTime());
        }
    }

    /** How long messages have waited for the topic's metadata, nanoseconds; 0: none waits. */
    long waitsForMetadata() {
        return pending.get() > 0 ? partitions.unknownFor(sender.nanoTime()) : 0;
    }

    boolean isRefused() {
        return dead.any(PartitionQueue::isRefused) || partitions.any(PartitionQueue::isRefused);
    }

    void unblock() {
        blocked = null;
        dead.each(PartitionQueue::retry);
        partitions.each(PartitionQueue::retry);
        lookAtPartitions();
        flush();
    }

    @Override
    public boolean isBlocked() {
        return blocked != null;
    }

    /** Why some messages are not stored at once; null: all are. */
    @Nullable
    String problem() {
        String why = blocked;
        if (why != null) {
            return why;
        }
        if (waitsForMetadata() > LONG) {
            return "Kafka's client gets no metadata of its topic";
        }
        boolean refused = partitions.any(queue -> queue.trouble() != null);
        String deadLetters = dead.trouble();
        if (!refused && deadLetters == null) {
            told = null;
        } else if (told == null) {
            told = refused ? partitions.trouble() : "its dead letters are not stored: " + deadLetters;
        }
        return told;
    }

    /** Releases waiting messages that the MQTT broker will deliver again, because their connection has ended. */
    void releaseComingAgain() {
        release(slot -> false);
    }

    /**
     * Releases waiting messages that the MQTT broker still has, except those that arrived before a sent message.
     * Acknowledgements leave in the order of arrival, so the sent message could otherwise never be acknowledged.
     */
    void drain() {
        handOver.order.stop();
        release(slot -> !handOver.order.mayPass(slot.sequence));
        handOver.order.goOn();
        flush();
    }

    private void release(Predicate<Slot> alsoIfKept) {
        Predicate<Slot> which = slot -> {
            Write write = slot.write();
            return write != null && (write.comesAgain() || (write.mayBeReleased() && alsoIfKept.test(slot)));
        };
        unassigned.removeIf(slot -> {
            boolean goes = which.test(slot);
            if (goes) {
                released(slot);
            }
            return goes;
        });
        queues(queue -> queue.remove(which).forEach(this::released));
    }

    int inFlight() {
        return handOver.inFlight();
    }

    boolean idle() {
        return pending.get() == 0;
    }

    /** How long the oldest send has been in flight, nanoseconds; 0: none is in flight. */
    long age() {
        if (handOver.inFlight() == 0) {
            return 0;
        }
        long now = sender.nanoTime();
        long[] oldest = {0};
        queues(queue -> oldest[0] = Math.max(oldest[0], queue.age(now)));
        return oldest[0];
    }

    /** Visits all queues, those of dead letters last. */
    void queues(Consumer<PartitionQueue> each) {
        partitions.each(each);
        dead.each(each);
    }

    /** The queue of a partition; null: there is none. */
    @Nullable
    PartitionQueue queue(int partition) {
        return partition < 0 ? dead.find(partition) : partitions.find(partition);
    }
}
