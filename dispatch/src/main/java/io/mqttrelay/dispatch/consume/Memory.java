package io.mqttrelay.dispatch.consume;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What messages hold of this dispatcher's memory, and how much an address may. Half of the bound is shared out evenly, to
 * apps and within an app to its addresses; of the other half an address may hold as much as is free. So everybody always
 * has a share, a lone busy address a quarter, and all together never exceed the bound, but for what one poll brings.
 */
final class Memory {
    private final long maxBytes;
    private final LongAdder held = new LongAdder();

    /** @param maxBytes bytes of messages in memory, each counted once for every address that it goes to */
    Memory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The part of one address in this. */
    final class Part {
        private final AtomicLong bytes = new AtomicLong();
        private volatile long share;

        private Part(long share) {
            this.share = share;
        }

        /** So many have a share as large as this one from now on. */
        void sharers(long sharers) {
            share = share(sharers);
        }

        void hold(long more) {
            bytes.addAndGet(more);
            held.add(more);
        }

        void release(long fewer) {
            bytes.addAndGet(-fewer);
            held.add(-fewer);
        }

        boolean isFull() {
            return bytes.get() >= limit();
        }

        boolean isRoomy() {
            return bytes.get() <= limit() / 2;
        }

        private long limit() {
            return Math.max(share, maxBytes / 2 - held.sum());
        }

        long bytes() {
            return bytes.get();
        }
    }

    /** @param sharers so many have a share as large as this one */
    Part part(long sharers) {
        return new Part(share(sharers));
    }

    private long share(long sharers) {
        return maxBytes / 2 / Math.max(1, sharers);
    }
}
