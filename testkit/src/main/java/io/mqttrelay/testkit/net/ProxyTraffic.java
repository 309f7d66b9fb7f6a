package io.mqttrelay.testkit.net;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The rules by which a {@link TcpProxy} lets data through. All of its threads share one. */
final class ProxyTraffic {
    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final int WATCH_MILLIS = 20;

    private boolean held;
    private long latencyMillis;
    private int bytesPerSecond;
    private long bytesLeft = UNLIMITED;

    synchronized void clear() {
        held = false;
        latencyMillis = 0;
        bytesPerSecond = 0;
        bytesLeft = UNLIMITED;
        notifyAll();
    }

    synchronized void hold() {
        held = true;
    }

    synchronized void latency(Duration oneWay) {
        latencyMillis = oneWay.toMillis();
    }

    synchronized void throttle(int newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    synchronized void cutAfter(long bytes) {
        bytesLeft = bytes;
    }

    /**
     * Waits until a piece of data may go on.
     *
     * @return false: the connections are to be cut instead
     */
    boolean passes(int bytes, BooleanSupplier ended) throws InterruptedException {
        Thread.sleep(delayMillis(bytes));
        awaitPassing(ended);
        return count(bytes);
    }

    private synchronized long delayMillis(int bytes) {
        return latencyMillis + (bytesPerSecond == 0 ? 0 : 1000L * bytes / bytesPerSecond);
    }

    private synchronized boolean count(int bytes) {
        if (bytesLeft == UNLIMITED) {
            return true;
        }
        bytesLeft -= bytes;
        if (bytesLeft > 0) {
            return true;
        }
        bytesLeft = UNLIMITED;
        return false;
    }

    /** Waits out a black hole, unless the connection has ended meanwhile. */
    synchronized void awaitPassing(BooleanSupplier ended) throws InterruptedException {
        while (held && !ended.getAsBoolean()) {
            wait(WATCH_MILLIS);
        }
    }
}
