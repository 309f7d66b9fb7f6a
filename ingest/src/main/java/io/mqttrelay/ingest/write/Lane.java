package io.mqttrelay.ingest.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One app's messages in the order in which they arrived. While Kafka takes them they pass straight through; when it
 * refuses one, no later one is sent until every send that is under way has ended and the refused ones are back in their
 * places, so that trying again never changes the order.
 *
 * <p>Belongs to {@code ingest-writer}, but for {@link #sendFailed} and {@link #stored}.
 */
final class Lane {
    /** What a lane needs of its writer. */
    interface Sender {
        void send(Slot slot, Write write);

        /** Nothing of any lane is sent now. */
        boolean holds();

        void later(Inbox.Task task);

        void failed(Slot slot, SendFailure failure, String why);

        long nanoTime();
    }

    /** Why nothing is sent at the beginning. */
    static final String NEW = "its Kafka topics have not been looked at yet";

    private static final int PRUNE = 1024;

    private final String appId;
    private final Sender sender;
    private final SendWindow window;
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final List<Slot> failed = new ArrayList<>();

    /** Sent, oldest first; ended ones are taken off the head, and from between when they pile up. */
    private Deque<Slot> sent = new ArrayDeque<>();

    private long lastSequence;

    /** Set the moment a send fails, on whatever thread, and taken back when its lane may go on. */
    private volatile boolean halted;

    /** Why nothing is sent; null: it is. */
    private @Nullable String blocked = NEW;

    /** When to look again at a topic that refused; null: whoever blocked the lane opens it again. */
    private @Nullable Retry retry;

    /** Something was stored since the last look. */
    private volatile boolean progressed;

    Lane(String appId, Sender sender, SendWindow window) {
        this.appId = appId;
        this.sender = sender;
        this.window = window;
    }

    String appId() {
        return appId;
    }

    void take(Slot slot) {
        slot.sequence = ++lastSequence;
        if (waiting.isEmpty() && open()) {
            send(slot);
        } else {
            waiting.add(slot);
        }
    }

    private boolean open() {
        return !halted && blocked == null && !sender.holds() && window.isOpen();
    }

    private void send(Slot slot) {
        Write write = slot.write();
        if (write == null) {
            return;
        }
        if (write.comesAgain()) {
            slot.end();
            write.released();
            return;
        }
        prune();
        slot.sentAt = sender.nanoTime();
        sent.add(slot);
        inFlight.incrementAndGet();
        window.sent(slot.bytes);
        sender.send(slot, write);
    }

    /** Sends what waits, as far as Kafka takes it. */
    void flush() {
        while (open()) {
            Slot next = waiting.poll();
            if (next == null) {
                return;
            }
            send(next);
        }
    }

    /** Nothing is sent any more, because of {@code why}, until {@link #unblock}. */
    void block(String why) {
        blocked = why;
    }

    /** A send failed: nothing is sent before {@link #retryDue}. */
    void blockAfterFailure(String why) {
        if (blocked != null) {
            return;
        }
        blocked = why;
        if (retry == null) {
            retry = new Retry();
        }
        retry.failed(sender.nanoTime());
    }

    /** Whether it is time to see if the topic can be written again; true once per wait. */
    boolean retryDue() {
        Retry waiting = retry;
        if (waiting == null) {
            return false;
        }
        if (progressed && blocked == null) {
            retry = null;
            return false;
        }
        long now = sender.nanoTime();
        if (blocked == null || inFlight.get() > 0 || !waiting.isDue(now)) {
            return false;
        }
        progressed = false;
        waiting.failed(now);
        return true;
    }

    void unblock() {
        blocked = null;
        flush();
    }

    @Nullable
    String blocked() {
        return blocked;
    }

    /** Any thread. */
    void stored(Slot slot) {
        if (!progressed) {
            progressed = true;
        }
        inFlight.decrementAndGet();
        if (window.ended(slot.bytes)) {
            sender.later(this::flush);
        }
    }

    /** Any thread. */
    void sendFailed(Slot slot, Exception failure) {
        SendFailure kind = SendFailure.of(failure);
        if (kind != SendFailure.TOO_LARGE) {
            halted = true;
        }
        String why = SendFailure.text(failure);
        sender.later(() -> takeBack(slot, kind, why));
    }

    private void takeBack(Slot slot, SendFailure kind, String why) {
        sent.remove(slot);
        inFlight.decrementAndGet();
        if (window.ended(slot.bytes)) {
            sender.later(this::flush);
        }
        if (kind == SendFailure.TOO_LARGE) {
            sendSmaller(slot, why);
            return;
        }
        failed.add(slot);
        sender.failed(slot, kind, why);
    }

    private void sendSmaller(Slot slot, String why) {
        Write write = slot.write();
        if (write == null) {
            return;
        }
        if (!write.shrink(why)) {
            slot.end();
            write.dropped(why);
        } else if (open()) {
            send(slot); // goes to dead letters: no order to keep
        } else {
            failed.add(slot);
        }
    }

    /** Puts refused messages back in their places once nothing is under way any more; then goes on, unless blocked. */
    void settle() {
        if (inFlight.get() > 0 || (!halted && failed.isEmpty())) {
            return;
        }
        failed.sort(Comparator.comparingLong((Slot slot) -> slot.sequence).reversed());
        failed.forEach(waiting::addFirst);
        failed.clear();
        sent.clear();
        halted = false;
        flush();
    }

    /** Lets go of everything that waits and that the MQTT broker still has: that of dead connections, or all. */
    void release(boolean all) {
        waiting.removeIf(slot -> {
            Write write = slot.write();
            if (write == null || !(write.comesAgain() || (all && write.mayBeReleased()))) {
                return false;
            }
            slot.end();
            write.released();
            return true;
        });
    }

    int inFlight() {
        return inFlight.get();
    }

    boolean idle() {
        return inFlight.get() == 0 && failed.isEmpty() && waiting.isEmpty();
    }

    /** How long the oldest send has been under way, nanoseconds; 0: none is. */
    long age() {
        prune();
        Slot oldest = sent.peek();
        return oldest == null ? 0 : sender.nanoTime() - oldest.sentAt;
    }

    private void prune() {
        for (Slot oldest = sent.peek(); oldest != null && oldest.ended(); oldest = sent.peek()) {
            sent.remove();
        }
        if (sent.size() > PRUNE + 2 * inFlight.get()) {
            Deque<Slot> open = new ArrayDeque<>();
            sent.stream().filter(slot -> !slot.ended()).forEach(open::add);
            sent = open;
        }
    }
}
