package io.mqttrelay.common.thread;

import org.jspecify.annotations.Nullable;

/**
 * A cheap check that an object stays with the thread that used it first: a field of the object, asked at the top of its
 * methods.
 */
public final class Confined {
    private volatile @Nullable Thread owner;

    /**
     * The first caller becomes the owner.
     *
     * @throws IllegalStateException when another thread calls: a bug
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
