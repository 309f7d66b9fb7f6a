package io.mqttrelay.dispatch.consume;

/** What addresses, by their {@link AddressKey}, need of the consumer at present. */
public interface Demand {
    /** Whether it takes messages at present. */
    boolean takes(long address);

    /** Whether there is so much in memory that could go out to it that there is no hurry to read more. */
    boolean hasEnough(long address);
}
