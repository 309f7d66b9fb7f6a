package io.mqttrelay.common.thread;

/** The work of one thread, in steps. All methods are called on that thread only. */
public interface Role {
    /** Once, before the first step. */
    default void start() throws Exception {}

    /** Again and again until asked to stop; must return within a fraction of a second, or when interrupted. */
    void step() throws Exception;

    /** Once, after the last step, also when a step or the start threw. */
    default void close() throws Exception {}
}
