package io.mqttrelay.dispatch.consume;

/**
 * An address of one of an app's routes.
 *
 * @param key its {@link AddressKey}
 * @param name app, route and address as the operator knows them
 * @param origin scheme, host and port, for meters
 * @param served false: its route is disabled, its backlog stays in Kafka
 */
public record ConsumedAddress(long key, String name, String origin, boolean served) {}
