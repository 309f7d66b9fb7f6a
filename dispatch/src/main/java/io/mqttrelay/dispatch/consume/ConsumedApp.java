package io.mqttrelay.dispatch.consume;

import java.util.List;

/** An app whose topics are consumed. */
public record ConsumedApp(String appId, List<ConsumedAddress> addresses) {
    public ConsumedApp {
        addresses = List.copyOf(addresses);
    }

    /** Whether it is one of the app's, served or not. */
    boolean has(long key) {
        return addresses.stream().anyMatch(address -> address.key() == key);
    }

    /** Whether something is delivered to the address. */
    boolean serves(long key) {
        return addresses.stream().anyMatch(address -> address.key() == key && address.served());
    }
}
