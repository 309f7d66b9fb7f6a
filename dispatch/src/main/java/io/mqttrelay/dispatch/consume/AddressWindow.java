package io.mqttrelay.dispatch.consume;

/**
 * One address of one route over all partitions that this dispatcher has of its app: how much of it may be in memory, and
 * where it is behind. Belongs to the consumer thread, but for its {@link Memory.Part}.
 */
final class AddressWindow {
    private final ConsumedAddress address;
    private final Memory.Part memory;
    private boolean served;
    private boolean configured = true;
    private int behind;

    AddressWindow(ConsumedAddress address, Memory.Part memory) {
        this.address = address;
        this.memory = memory;
        this.served = address.served();
    }

    long key() {
        return address.key();
    }

    /** False: nothing is delivered to it as the configuration stands. */
    boolean isServed() {
        return served;
    }

    void served(boolean now) {
        served = now;
    }

    /** False: the configuration does not have it any more, so nobody can tell which records are its. */
    boolean isConfigured() {
        return configured;
    }

    void configured(boolean now) {
        configured = now;
    }

    boolean isNobody() {
        return address.key() == AddressKey.NOBODY;
    }

    Memory.Part memory() {
        return memory;
    }

    ConsumedAddress address() {
        return address;
    }

    void fellBehind() {
        behind++;
    }

    void met() {
        behind--;
    }

    /** In so many partitions; 0 for one that is not served, whose backlog waits for an operator. */
    int behind() {
        return isServed() ? behind : 0;
    }

    @Override
    public String toString() {
        return address.name();
    }
}
