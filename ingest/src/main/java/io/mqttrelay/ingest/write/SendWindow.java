package io.mqttrelay.ingest.write;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the memory that one app takes in Kafka's client. An app may always have some groups. It gets more only
 * while it has less than half of the memory that all apps have left free. So an app that gets no answer from Kafka
 * never takes all of it. Large records are limited by {@link LargeRecords} instead, and delay no small ones. Any
 * thread.
 */
final class SendWindow {
    /** The memory of all apps. */
    static final class Total {
        /** Groups that an app may always have if there are few apps. */
        private static final int LEAST_GROUPS = 4;

        private final long limit;
        private final int batchSize;
        private final AtomicLong bytes = new AtomicLong();
        private final LargeRecords large;
        private volatile long least;

        Total(RecordWriter.Limits limits, LongSupplier nanoTime) {
            this.limit = limits.maxSent();
            this.batchSize = limits.batchSize();
            this.large = new LargeRecords(limit, nanoTime);
        }

        /** Sets the number of apps. */
        void divideAmong(int apps) {
            least = Math.min((LEAST_GROUPS - 1L) * batchSize, limit / 2 / Math.max(1, apps));
        }
    }

    private final Total total;
    private final AtomicLong bytes = new AtomicLong();
    /** The window that takes the memory of large records: one for all windows of an app. */
    private final SendWindow ofLarge;

    /** Whether a group was rejected. Set before the final check, so that the thread that frees memory sees it. */
    private volatile boolean awaited;

    /** Hands over the app's waiting messages on another thread. Set before the window is used. */
    private @Nullable Runnable turn;

    SendWindow(Total total) {
        this.total = total;
        this.ofLarge = this;
    }

    private SendWindow(SendWindow first) {
        this.total = first.total;
        this.ofLarge = first;
    }

    /** A further window of the app for small records. Its large records are counted with those of this window. */
    SendWindow another() {
        return new SendWindow(this);
    }

    /** @param action runs when it is the app's turn to send a large record; any thread, never blocks */
    void whenTurn(Runnable action) {
        turn = action;
    }

    /** Admits a group of {@code more} bytes; false: there is no free memory now. */
    boolean enter(long more) {
        if (isLarge(more)) {
            return total.large.enter(ofLarge, more);
        }
        if (!hasRoom()) {
            awaited = true;
            if (!hasRoom()) {
                return false;
            }
        }
        bytes.addAndGet(more);
        total.bytes.addAndGet(more);
        return true;
    }

    private boolean isLarge(long group) {
        return LargeRecords.isLarge(group, total.batchSize);
    }

    private boolean hasRoom() {
        long mine = bytes.get();
        return mine <= total.least || mine < (total.limit - total.bytes.get()) / 2;
    }

    /** Removes a group that has ended; true: another group was rejected before and may fit now. */
    boolean left(long fewer) {
        if (isLarge(fewer)) {
            SendWindow next = total.large.left(ofLarge, fewer);
            Runnable action = next == null ? null : next.turn;
            if (action != null) {
                action.run();
            }
            return false;
        }
        total.bytes.addAndGet(-fewer);
        bytes.addAndGet(-fewer);
        if (!awaited) {
            return false;
        }
        awaited = false;
        return true;
    }
}
