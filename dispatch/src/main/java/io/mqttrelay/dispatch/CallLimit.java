package io.mqttrelay.dispatch;

/**
 * How many calls may be out, so that few of them wait for this process's own processors. More than keep the processors busy
 * win nothing: each has a stack, buffers and a connection meanwhile. It does not ask how long callbacks take: calls that wait
 * for a callback do not count, however many they are. {@link #next} belongs to one thread.
 */
final class CallLimit {
    /** Answered calls that wait for each processor, and as many again before there are too many. */
    private static final int WAITING_FOR_EACH = 16;

    private final int most;
    private final int few;
    private volatile int allowed;

    /**
     * @param most calls that may be out at once, whatever happens
     * @param processors of this process
     */
    CallLimit(int most, int processors) {
        this.most = most;
        this.few = WAITING_FOR_EACH * processors;
        this.allowed = most;
    }

    /** Whether so few are out that they cannot be too many. */
    boolean isFew(int running) {
        return running <= 2 * few;
    }

    /** Any thread. */
    int allowed() {
        return allowed;
    }

    /**
     * What to allow from now on.
     *
     * @param running calls that are out
     * @param waiting those of them whose answer is there, and that wait for a processor
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
