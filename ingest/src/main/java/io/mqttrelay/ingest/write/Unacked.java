package io.mqttrelay.ingest.write;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What was received and is not yet stored, in bytes: the bound on this process' memory. QoS 0 gets half of it at most,
 * so that a flood of it never makes ingest stop taking QoS 1 and 2. Of a single message no more than half of the bound is
 * counted against it: one that filled it alone would be given back to its broker, and come again, for ever. Any thread.
 */
public final class Unacked {
    private final long max;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong qos0Bytes = new AtomicLong();

    /** @param max bytes, {@code ingest.max_unacked} */
    public Unacked(long max) {
        this.max = max;
    }

    /**
     * Takes a message in.
     *
     * @return false: a QoS 0 message beyond its share, not taken in
     */
    public boolean admit(int qos, long size) {
        if (qos == 0 && !admitQos0(size)) {
            return false;
        }
        bytes.addAndGet(size);
        counted.addAndGet(counted(size));
        return true;
    }

    private long counted(long size) {
        return Math.min(size, max / 2);
    }

    private boolean admitQos0(long size) {
        // an empty house takes a message of any size: one that is larger than the share must not be lost for ever
        if (qos0Bytes.addAndGet(size) <= max / 2 || qos0Bytes.get() == size) {
            return true;
        }
        qos0Bytes.addAndGet(-size);
        return false;
    }

    /** A message that was admitted is stored, released or dropped. */
    public void settled(int qos, long size) {
        if (qos == 0) {
            qos0Bytes.addAndGet(-size);
        }
        bytes.addAndGet(-size);
        counted.addAndGet(-counted(size));
    }

    /** Received and not yet stored. */
    public long bytes() {
        return bytes.get();
    }

    /** Time to let what Kafka already has in hand end, so that a disconnect makes no duplicates. */
    public boolean nearlyFull() {
        return counted.get() >= max - max / 4;
    }

    /** Beyond the bound: nothing more may be taken. */
    public boolean full() {
        return counted.get() >= max;
    }

    /** Half of the bound is free again. */
    public boolean halfEmpty() {
        return counted.get() <= max / 2;
    }
}
