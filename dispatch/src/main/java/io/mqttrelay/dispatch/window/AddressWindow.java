package io.mqttrelay.dispatch.window;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address of one route, over all partitions of its app at this dispatcher: how much memory it may use, and in how
 * many partitions it is behind. Belongs to the consumer thread, except {@link Memory.Part} and the count of blocked
 * lanes.
 */
public final class AddressWindow {
    private ConsumedAddress address;
    private final Memory.Part memory;
    private final Memory.Part lanes;
    private boolean served;
    private boolean configured = true;
    private int behind;
    private final AtomicInteger blocked = new AtomicInteger();

    AddressWindow(ConsumedAddress address, Memory.Part memory, Memory.Part lanes) {
        this.address = address;
        this.memory = memory;
        this.lanes = lanes;
        this.served = address.served();
    }

    /** Takes the name that the current configuration gives the address. */
    void named(ConsumedAddress now) {
        address = now;
    }

    public long key() {
        return address.key();
    }

    /** False: the current configuration delivers nothing to the address. */
    public boolean isServed() {
        return served;
    }

    public void served(boolean now) {
        served = now;
    }

    /** False: the configuration no longer has the address, so its records cannot be told apart. */
    public boolean isConfigured() {
        return configured;
    }

    public void configured(boolean now) {
        configured = now;
    }

    public Memory.Part memory() {
        return memory;
    }

    /** The memory of its blocked lanes. */
    public Memory.Part lanes() {
        return lanes;
    }

    public ConsumedAddress address() {
        return address;
    }

    public void fellBehind() {
        behind++;
    }

    public void met() {
        behind--;
    }

    /** Adds to the count of blocked lanes; a negative number subtracts. */
    public void blocked(int more) {
        blocked.addAndGet(more);
    }

    /** Blocked lanes: they wait in Kafka while the other lanes go on. Any thread. */
    public int blocked() {
        return blocked.get();
    }

    /**
     * Partitions in which the address is behind; 0 for an address that is not served, whose backlog waits for an
     * operator.
     */
    public int behind() {
        return isServed() ? behind : 0;
    }

    @Override
    public String toString() {
        return address.name();
    }
}
