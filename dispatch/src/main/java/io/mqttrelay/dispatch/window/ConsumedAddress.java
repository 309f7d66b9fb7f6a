package io.mqttrelay.dispatch.window;

import io.mqttrelay.common.config.destination.AddressLabel;

/**
 * One address of one of an app's routes.
 *
 * @param key its {@link AddressKey}
 * @param name app, route and address as the operator knows them
 * @param label for meters
 * @param served false: it is disabled, its backlog stays in Kafka
 */
public record ConsumedAddress(long key, String name, AddressLabel label, boolean served) {
    /** Stands for the app's unroutable records: those that go to no address, and become dead letters. */
    static ConsumedAddress unroutable(String appId) {
        return new ConsumedAddress(AddressKey.UNROUTABLE, "app " + appId + ": unroutable records", "", true);
    }

    /** Makes an address without a route. */
    public ConsumedAddress(long key, String name, String origin, boolean served) {
        this(key, name, new AddressLabel("", origin), served);
    }
}
