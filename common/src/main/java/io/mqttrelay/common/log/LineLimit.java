package io.mqttrelay.common.log;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits the log lines about one kind of event: the first event gets a line at once, later ones at most one line per
 * interval, which says how many events there were. Any thread.
 */
public final class LineLimit {
    private final long interval;
    private final LongSupplier nanoTime;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong next;

    /**
     * @param interval between two lines
     * @param nanoTime a monotonic clock, nanoseconds
     */
    public LineLimit(Duration interval, LongSupplier nanoTime) {
        this.interval = interval.toNanos();
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** Counts an event. Returns the number of events since the last line, this one included; 0: no line now. */
    public long count() {
        count.incrementAndGet();
        long due = next.get();
        long now = nanoTime.getAsLong();
        return now - due >= 0 && next.compareAndSet(due, now + interval) ? count.getAndSet(0) : 0;
    }
}
