package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.position.Assignment;
import org.jspecify.annotations.Nullable;

/**
 * The wait until the outcome of one delivery is durable. It delays the lane of the delivery, and a revocation of its
 * partition. It is over when the outcome is durable, or when storing takes too long. Any thread.
 */
final class Storing {
    private final Assignment assignment;
    private boolean over; // guarded by this
    private @Nullable Runnable whenOver; // guarded by this

    /** @param assignment in which the delivery has begun: it is paused once, when the wait is over */
    Storing(Assignment assignment) {
        this.assignment = assignment;
    }

    /** Ends the wait; without effect if it is over. */
    void end() {
        Runnable task;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            task = whenOver;
            whenOver = null; // it holds the message, and the timer may hold this object for longer
        }
        assignment.pause();
        if (task != null) {
            task.run();
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    /**
     * Runs a task when the wait is over.
     *
     * @return false: it is over already, and the task is not run
     */
    synchronized boolean whenOver(Runnable task) {
        if (over) {
            return false;
        }
        whenOver = task;
        return true;
    }
}
