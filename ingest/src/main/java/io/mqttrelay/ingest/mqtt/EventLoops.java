package io.mqttrelay.ingest.mqtt;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads {@code ingest-mqtt-n} that the MQTT connections share. The client keeps each ended connection in a timer of
 * its event loop until the session would have expired, which may be days; so every so often new connections get new event
 * loops, and the old ones go, timers and all, when the last of their connections has ended.
 */
public final class EventLoops {
    private static final int CONNECTIONS = 128;

    private final AtomicInteger threads = new AtomicInteger();
    private int connections;
    private Executor executor = threadPerLoop();

    /** What runs the event loops of the next connection: the client shares loops between those that get the same. */
    synchronized Executor next() {
        GatheredFlushes.enable();
        if (++connections > CONNECTIONS) {
            connections = 1;
            executor = threadPerLoop();
        }
        return executor;
    }

    private Executor threadPerLoop() {
        return new Executor() {
            @Override
            public void execute(Runnable loop) {
                Thread thread = new Thread(loop, "ingest-mqtt-" + threads.incrementAndGet());
                thread.setDaemon(true);
                thread.start();
            }
        };
    }
}
