package io.mqttrelay.dispatch.window;

import java.util.List;
import java.util.stream.Stream;

/** An app whose topics are consumed: its addresses, and always its unroutable records. */
public record ConsumedApp(String appId, List<ConsumedAddress> addresses) {
    public ConsumedApp {
        addresses = List.copyOf(addresses);
    }

    /** Whether the app has this address, served or not. */
    public boolean has(long key) {
        return all().anyMatch(address -> address.key() == key);
    }

    /** Whether the app has this address and messages are delivered to it. */
    public boolean serves(long key) {
        return all().anyMatch(address -> address.key() == key && address.served());
    }

    private Stream<ConsumedAddress> all() {
        return Stream.concat(addresses.stream(), Stream.of(ConsumedAddress.unroutable(appId)));
    }
}
