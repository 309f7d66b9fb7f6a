package io.mqttrelay.common.thread;

import org.jspecify.annotations.Nullable;

/**
 * A cheap check that only one thread uses an object: the thread that used it first. It is a field of that object, and
 * the object's methods call {@link #check} first.
 */
public final class Confined {
    private volatile @Nullable Thread owner;

    /**
     * Checks the calling thread. The first caller becomes the owner.
     *
     * @throws IllegalStateException if another thread calls: a bug
     */
    public void check() {
        Thread current = Thread.currentThread();
        Thread seen = owner;
        if (seen == current) {
            return;
        }
        claim(current);
    }

    private synchronized void claim(Thread current) {
        if (owner == null) {
            owner = current;
        } else if (owner != current) {
            throw new IllegalStateException(
                    "called on thread " + current.getName() + ", but belongs to thread " + owner.getName());
        }
    }
}
