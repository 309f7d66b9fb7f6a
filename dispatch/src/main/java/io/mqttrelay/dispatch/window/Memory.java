package io.mqttrelay.dispatch.window;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Accounts for the memory of messages in this dispatcher, and limits it for each address. Half of the bound is divided
 * evenly among the apps, and in each app among its addresses. Of the other half an address may use as much as is free.
 * So every address always has a share, and a single busy address may use a quarter of the bound. All together never exceed
 * the bound, except by the records of one poll. Any thread.
 */
public final class Memory {
    private final long maxBytes;
    private final LongAdder held = new LongAdder();
    private final LongAdder heldByLanes = new LongAdder();

    /** @param maxBytes bytes of messages in memory, each counted once for every address that it goes to */
    public Memory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The account of one address. */
    public static final class Part {
        private final AtomicLong bytes = new AtomicLong();
        private final LongAdder held;
        private final long most;
        private volatile long share;

        private Part(long most, long sharers, LongAdder held) {
            this.most = most;
            this.held = held;
            sharers(sharers);
        }

        /** Sets the number of addresses that have an equal share. */
        final void sharers(long sharers) {
            share = most / 2 / Math.max(1, sharers);
        }

        public void hold(long more) {
            bytes.addAndGet(more);
            held.add(more);
        }

        public void release(long fewer) {
            bytes.addAndGet(-fewer);
            held.add(-fewer);
        }

        public boolean isFull() {
            return bytes.get() >= limit();
        }

        public boolean isRoomy() {
            return bytes.get() <= limit() / 2;
        }

        /** Bytes beyond a quarter of the limit. */
        public long beyondQuarter() {
            return bytes.get() - limit() / 4;
        }

        private long limit() {
            return Math.max(share, most / 2 - held.sum());
        }

        public long bytes() {
            return bytes.get();
        }
    }

    /** @param sharers number of addresses that have an equal share */
    Part part(long sharers) {
        return new Part(maxBytes, sharers, held);
    }

    /** Makes an account for blocked lanes; these have a bound of their own, twice as large. */
    Part partOfLanes(long sharers) {
        return new Part(2 * maxBytes, sharers, heldByLanes);
    }
}
