package io.mqttrelay.ingest.mqtt.wire;

import java.net.InetAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads {@code ingest-mqtt-n} that the MQTT connections share. The client keeps each ended connection that a broker
 * had accepted in a timer of its event loop until the session would have expired, perhaps for days. So new connections
 * get a new group of event loops from time to time. The old group and its timers end with the last of its connections.
 */
public final class EventLoops {
    /** Event loops of a group. */
    static final int THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

    /** Number of connections of a group, without those that no broker has accepted. */
    static final int CONNECTIONS = 128;

    private final AtomicInteger threads = new AtomicInteger();
    private final HostLookups lookups;
    private int connections;
    private Executor executor = threadPerLoop();

    public EventLoops() {
        this(InetAddress::getByName);
    }

    EventLoops(HostLookups.Resolver resolver) {
        this.lookups = new HostLookups(resolver);
    }

    /**
     * Prepares Netty. Call it before any other use of Netty in the process: Netty looks only once for the relay's
     * additions to its connections. No connection can be made without them.
     */
    public static void prepare() {
        GatheredFlushes.enable();
    }

    /**
     * The executor of the next connection's event loops. The client shares event loops between connections with the
     * same executor.
     */
    synchronized Executor executor() {
        prepare();
        if (++connections > CONNECTIONS) {
            connections = 1;
            executor = threadPerLoop();
        }
        return executor;
    }

    /** The lookups of host names, which no event loop may wait for. */
    HostLookups lookups() {
        return lookups;
    }

    /** Counts a connection no more that no broker has accepted: it leaves no timer behind. */
    synchronized void failed() {
        connections = Math.max(0, connections - 1);
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
