package io.mqttrelay.sink.jdbc;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Divides the connections of one pool among the addresses that use it. An address always finds its first connection
 * free: one is kept for each address that holds none. The others are lent to any address. So an address whose
 * statements hang takes no connection away from the rest, as long as there are not more addresses than connections.
 * Any thread.
 */
final class ConnectionShares {
    /** The part of one address; while a sink refers to it, a connection is kept for the address. */
    final class Share {
        private final Condition mayTake = lock.newCondition();
        private int held; // guarded by lock
        private int waiting; // guarded by lock

        private Share() {}

        /**
         * Waits for a connection to be free for this address.
         *
         * @param nanos to wait at most
         * @return whether one is free; if so, it must be given back
         */
        boolean take(long nanos) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = nanos;
                waiting++;
                try {
                    while (!mayTake(this)) {
                        if (left <= 0) {
                            return false;
                        }
                        left = mayTake.awaitNanos(left);
                    }
                } finally {
                    waiting--;
                }
                held++;
                free--;
                wakeNext(); // several may have become free at once
                return true;
            } finally {
                lock.unlock();
            }
        }

        /** Gives a connection back. */
        void giveBack() {
            lock.lock();
            try {
                held--;
                free++;
                wakeNext();
            } finally {
                lock.unlock();
            }
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Share> shares = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by lock
    private int free; // guarded by lock

    /** @param connections of the pool, at least 1 */
    ConnectionShares(int connections) {
        this.free = connections;
    }

    /** The share of one more address. */
    Share add() {
        lock.lock();
        try {
            Share share = new Share();
            shares.add(share);
            return share;
        } finally {
            lock.unlock();
        }
    }

    /** The number of addresses that use the pool at present. */
    int count() {
        lock.lock();
        try {
            return shares.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean mayTake(Share share) {
        return share.held == 0 ? free > 0 : free > keptForOthers(share);
    }

    private int keptForOthers(Share share) {
        int kept = 0;
        for (Share other : shares) {
            kept += other != share && other.held == 0 ? 1 : 0;
        }
        return kept;
    }

    /** Wakes one waiting call: of the address with the fewest connections that may take one. */
    private void wakeNext() {
        Share next = null;
        for (Share share : shares) {
            if (share.waiting > 0 && mayTake(share) && isBefore(share, next)) {
                next = share;
            }
        }
        if (next != null) {
            next.mayTake.signal();
        }
    }

    private static boolean isBefore(Share share, @Nullable Share other) {
        return other == null || share.held < other.held;
    }
}
