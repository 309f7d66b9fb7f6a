package io.mqttrelay.ingest.mqtt;

import java.time.Duration;

/** The thread {@code ingest-control}: short steps one after the other, some of them later. Any thread may hand in. */
public interface Control {
    /** Runs a step after the steps added before. Does nothing once the thread has ended. */
    void execute(Runnable step);

    /** Runs a step, not before {@code delay} has passed. */
    void schedule(Duration delay, Runnable step);

    /** As {@link System#nanoTime}. */
    long nanoTime();
}
