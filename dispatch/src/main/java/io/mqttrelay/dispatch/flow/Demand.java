package io.mqttrelay.dispatch.flow;

/** Tells whether addresses, by their {@code AddressKey}, need more records at present. */
public interface Demand {
    /** Whether the address takes messages at present. */
    boolean takes(long address);

    /** Whether enough deliveries that could go out are in memory, so that no more need be read now. */
    boolean hasEnough(long address);
}
