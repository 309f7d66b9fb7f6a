package io.mqttrelay.ingest.mqtt;

import java.util.concurrent.atomic.AtomicInteger;

/** Of one connection: whether it has ended, and how many of its messages are not settled yet. Any thread. */
final class Lifetime {
    private final boolean sessionKept;
    private final Runnable drained;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean ended;
    private volatile boolean closed;

    /**
     * @param sessionKept the broker keeps what it delivered and what was not acknowledged
     * @param drained called when the connection has ended and its last message is settled, perhaps more than once
     */
    Lifetime(boolean sessionKept, Runnable drained) {
        this.sessionKept = sessionKept;
        this.drained = drained;
    }

    boolean sessionKept() {
        return sessionKept;
    }

    boolean ended() {
        return ended;
    }

    boolean isDrained() {
        return ended && isIdle();
    }

    /** Whether each of its messages is settled. */
    boolean isIdle() {
        return open.get() == 0;
    }

    void taken() {
        open.incrementAndGet();
    }

    void settled() {
        if (open.decrementAndGet() == 0 && ended) {
            drained.run();
        }
    }

    /** Whether nothing can leave on it any more. */
    boolean closed() {
        return closed;
    }

    /** @param isClosed false: it was given up without an answer from it, and might still be open */
    void end(boolean isClosed) {
        closed = isClosed;
        ended = true;
        if (isIdle()) {
            drained.run();
        }
    }
}
