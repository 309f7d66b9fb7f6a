package io.mqttrelay.common.thread;

/** The work of one thread, in steps. All methods run on that thread only. */
public interface Role {
    /** Called once, before the first step. */
    default void start() throws Exception {}

    /**
     * Called repeatedly until the thread is asked to stop. It must return within a fraction of a second, or when
     * interrupted.
     */
    void step() throws Exception;

    /** Called once, after the last step, even if a step or the start threw. */
    default void close() throws Exception {}
}
