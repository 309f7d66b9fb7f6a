package io.mqttrelay.dispatch.consume;

import java.util.List;

/**
 * An app whose topic is consumed.
 *
 * @param addresses the {@link AddressKey}s of all its routes' addresses, enabled or not
 */
public record ConsumedApp(String appId, List<Long> addresses) {
    public ConsumedApp {
        addresses = List.copyOf(addresses);
    }
}
