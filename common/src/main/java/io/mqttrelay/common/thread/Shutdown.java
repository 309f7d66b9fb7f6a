package io.mqttrelay.common.thread;

import java.time.Duration;

/**
 * The one way out of the process: a signal or a failure of an owner thread ends {@link #await()}, which then takes the
 * steps in the order in which they were added, within {@code grace} in all. What does not end by then is left behind:
 * the process never hangs.
 */
public final class Shutdown {
    /** One thing to end. */
    public interface Step {
        /** Ends it within {@code remaining}, what is left of the grace time; what takes longer is abandoned. */
        void close(Duration remaining) throws Exception;
    }

    /** Without steps yet; {@code grace} is for all of them together. */
    public Shutdown(Duration grace) {}

    /** SIGTERM and SIGINT end {@link #await()}, a second one ends the process at once; SIGHUP is ignored, in the log. */
    public Shutdown onSignals() {
        return this;
    }

    /**
     * Adds a step behind those already there.
     *
     * @param name for the log, as in "stop taking messages"
     */
    public Shutdown then(String name, Step step) {
        return this;
    }

    /** Asks for the end; any thread, returns at once. */
    public void request(String reason) {}

    /** An owner thread died: the process ends with 1. Any thread, returns at once. */
    public void fail(Throwable cause) {}

    /** Waits for a signal, a {@link #request} or a {@link #fail}, takes the steps, and gives the exit code: 0 or 1. */
    public int await() {
        return 0;
    }
}
