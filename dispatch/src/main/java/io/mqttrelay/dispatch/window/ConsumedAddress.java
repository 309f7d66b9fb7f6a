package io.mqttrelay.dispatch.window;

import io.mqttrelay.common.config.AddressLabel;

/**
 * One address of one of an app's routes.
 *
 * @param key its {@link AddressKey}
 * @param name app, route and address as the operator knows them
 * @param label for meters
 * @param served false: its route is disabled, its backlog stays in Kafka
 */
public record ConsumedAddress(long key, String name, AddressLabel label, boolean served) {
    /** Makes an address without a route. */
    public ConsumedAddress(long key, String name, String origin, boolean served) {
        this(key, name, new AddressLabel("", origin), served);
    }
}
