package io.mqttrelay.dispatch.window;

import java.util.List;

/** An app whose topics are consumed. */
public record ConsumedApp(String appId, List<ConsumedAddress> addresses) {
    public ConsumedApp {
        addresses = List.copyOf(addresses);
    }

    /** Whether the app has this address, served or not. */
    public boolean has(long key) {
        return addresses.stream().anyMatch(address -> address.key() == key);
    }

    /** Whether the app has this address and messages are delivered to it. */
    public boolean serves(long key) {
        return addresses.stream().anyMatch(address -> address.key() == key && address.served());
    }
}
