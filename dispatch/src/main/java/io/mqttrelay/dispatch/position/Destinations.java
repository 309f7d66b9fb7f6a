package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.window.AddressKey;
import java.util.Collection;
import java.util.Set;

/**
 * The deliveries in memory of all addresses, as the consumer side sees them: whether an address needs more, and how to
 * drop its deliveries. Addresses are given by their {@link AddressKey}. A dropped delivery is unread again, see {@link
 * OffsetState#unload}. Consumer thread; nothing here blocks.
 */
public interface Destinations {
    /** Whether the address takes messages at present; not while it asked for a pause, or its breaker is open. */
    boolean takes(long address);

    /** Whether enough deliveries that could go out are in memory, so that no more need be read now. */
    boolean hasEnough(long address);

    /** Drops the deliveries of an assignment and address that have not begun. */
    void unload(Assignment assignment, long address);

    /**
     * Drops the deliveries of some lanes of an assignment and address that have not begun.
     *
     * @param orderKeys of the lanes
     * @param resting whether deliveries that wait for their next attempt are dropped, too
     */
    void unloadLanes(Assignment assignment, long address, Set<String> orderKeys, boolean resting);

    /** The lanes of an assignment and address, by their order keys, whose calls in flight take long. */
    Set<String> lanesOfLongCalls(Assignment assignment, long address);

    /**
     * Drops the deliveries of an assignment and address that are not in flight, retries included. The address was
     * changed or removed, is drained, or Kafka refuses its app's topic. Repeat until nothing of the address is in
     * memory: calls in flight may come to wait for a retry later.
     */
    void takeBack(Assignment assignment, long address);

    /**
     * Whether a call with settings of the address from before a reload is in flight, even of a partition that was
     * revoked meanwhile.
     */
    boolean hasCallsOfReplaced(long address);

    /**
     * Forgets the settings of the address from before a reload: no delivery with them is in memory or in flight. The
     * new settings may be used.
     */
    void switchOver(long address);

    /** Does the same for all addresses except these. */
    void switchOverAllBut(Set<Long> addresses);

    /** Stops the deliveries of ended assignments from beginning; those that wait for a retry are forgotten. */
    void withdraw(Collection<Assignment> ended);

    /** Cancels the calls in flight of ended assignments. */
    void cancelWithdrawn();

    /**
     * The addresses with slow calls, by the last calls that ended, or by a call in flight. An address whose first call
     * is still in flight counts as slow, too.
     */
    Set<Long> slowAddresses();
}
