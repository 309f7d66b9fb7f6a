package io.mqttrelay.dispatch.consume;

import java.util.Set;

/**
 * The addresses with slow calls, by the last calls that ended, or by a call in flight. An address whose first call is
 * still in flight counts as slow, too.
 *
 * @param addresses by {@code AddressKey}
 */
public record SlowCalls(Set<Long> addresses) {
    boolean includes(long address) {
        return addresses.contains(address);
    }
}
