package io.mqttrelay.ingest.mqtt;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads {@code ingest-mqtt-n} that the MQTT connections share. The client keeps each ended connection in a
 * timer of its event loop until the session would have expired, perhaps for days. So new connections get new event
 * loops from time to time. The old loops and their timers end with the last of their connections.
 */
public final class EventLoops {
    private static final int CONNECTIONS = 128;

    private final AtomicInteger threads = new AtomicInteger();
    private int connections;
    private Executor executor = threadPerLoop();

    /**
     * Prepares Netty. Call it before any other use of Netty in the process: Netty looks only once for the relay's
     * additions to its connections.
     */
    public static void prepare() {
        GatheredFlushes.enable();
    }

    /**
     * The executor of the next connection's event loops. The client shares event loops between connections with the
     * same executor.
     */
    synchronized Executor next() {
        prepare();
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
