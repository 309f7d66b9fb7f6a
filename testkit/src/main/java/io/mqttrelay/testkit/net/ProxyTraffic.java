package io.mqttrelay.testkit.net;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The rules by which a {@link TcpProxy} forwards data. All of its threads share one instance. */
final class ProxyTraffic {
    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final int WATCH_MILLIS = 20;

    private final Set<TcpProxy.Direction> held = EnumSet.noneOf(TcpProxy.Direction.class);
    private final Set<TcpProxy.Direction> waiting = EnumSet.noneOf(TcpProxy.Direction.class);
    private long latencyMillis;
    private int bytesPerSecond;
    private long bytesLeft = UNLIMITED;
    private final Map<TcpProxy.Direction, Integer> corrupting = new EnumMap<>(TcpProxy.Direction.class);
    private int corrupted;

    synchronized void clear() {
        held.clear();
        latencyMillis = 0;
        bytesPerSecond = 0;
        bytesLeft = UNLIMITED;
        corrupting.clear();
        notifyAll();
    }

    synchronized void hold(Set<TcpProxy.Direction> directions) {
        held.clear();
        held.addAll(directions);
        notifyAll();
    }

    /** Whether data waits in that direction because it is held. */
    synchronized boolean waits(TcpProxy.Direction direction) {
        return waiting.contains(direction);
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

    synchronized void corrupt(TcpProxy.Direction direction, int atLeast) {
        corrupting.put(direction, atLeast);
    }

    synchronized int corrupted() {
        return corrupted;
    }

    /** Changes a byte of the data if that was requested. */
    synchronized void spoil(byte[] data, int length, TcpProxy.Direction direction) {
        Integer atLeast = corrupting.get(direction);
        if (atLeast != null && length >= atLeast) {
            corrupting.remove(direction);
            data[length / 2] ^= 1;
            corrupted++;
        }
    }

    /**
     * Waits until a piece of data may pass.
     *
     * @return false: the connections must be cut instead
     */
    boolean passes(int bytes, TcpProxy.Direction direction, BooleanSupplier ended) throws InterruptedException {
        Thread.sleep(delayMillis(bytes));
        awaitPassing(direction, ended);
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

    /** Waits while the direction is held and the connection is open. */
    synchronized void awaitPassing(TcpProxy.Direction direction, BooleanSupplier ended) throws InterruptedException {
        while (held.contains(direction) && !ended.getAsBoolean()) {
            waiting.add(direction);
            wait(WATCH_MILLIS);
        }
        waiting.remove(direction);
    }
}
