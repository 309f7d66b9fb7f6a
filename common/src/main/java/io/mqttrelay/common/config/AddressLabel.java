package io.mqttrelay.common.config;

import io.mqttrelay.common.text.Sha256;

/**
 * The name of a route's address in meters.
 *
 * @param clientId the route's name; empty: not known
 * @param address scheme, host and port; if two addresses of the route would be equal, followed by {@code #} and a
 *     digest of the id; empty: not known
 */
public record AddressLabel(String clientId, String address) {
    private static final int DIGITS = 8;

    /** The label of no address. */
    public static final AddressLabel NONE = new AddressLabel("", "");

    /** @param alone no other address of the route has the same scheme, host and port */
    static AddressLabel of(String clientId, Address address, boolean alone) {
        String origin = address.origin();
        return new AddressLabel(
                clientId,
                alone ? origin : origin + "#" + Sha256.of(address.id()).substring(0, DIGITS));
    }
}
