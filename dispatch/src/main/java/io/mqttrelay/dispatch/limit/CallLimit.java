package io.mqttrelay.dispatch.limit;

/**
 * Limits the calls in flight so that few of them wait for a processor of this process. More calls than keep the
 * processors busy gain nothing, and each needs a stack, buffers and a connection. The duration of callbacks plays no
 * part: calls that wait for a callback do not count, however many they are. {@link #next} belongs to one thread.
 */
public final class CallLimit {
    /** Answered calls that may wait per processor; twice as many are too many. */
    private static final int WAITING_FOR_EACH = 16;

    private final int most;
    private final int few;
    private volatile int allowed;

    /**
     * @param most calls that may be in flight at once at most
     * @param processors of this process
     */
    public CallLimit(int most, int processors) {
        this.most = most;
        this.few = WAITING_FOR_EACH * processors;
        this.allowed = most;
    }

    /** Whether so few calls are in flight that they cannot be too many. */
    boolean isFew(int running) {
        return running <= 2 * few;
    }

    /** Calls that may be in flight at once. Any thread. */
    public int allowed() {
        return allowed;
    }

    /**
     * Computes the number of calls to allow from now on.
     *
     * @param running calls in flight
     * @param waiting calls whose answer has come, and that wait for a processor
     */
    int next(int running, double waiting) {
        if (waiting > 2 * few) {
            int fewer = Math.min(allowed, running) - (int) ((waiting - few) / 2);
            allowed = Math.min(most, Math.max(few, fewer));
        } else if (waiting < few / 4.0) {
            allowed = Math.min(most, 2 * allowed); // the processors have time
        } else if (waiting < few) {
            allowed = Math.min(most, allowed + few / 2);
        }
        return allowed;
    }
}
