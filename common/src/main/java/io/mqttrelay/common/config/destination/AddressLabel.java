package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.text.Sha256;

/**
 * The label of a route's address in meters.
 *
 * @param clientId the route's name; empty: not known
 * @param address the address's name, or scheme, host and port; if two addresses of the route would be equal, followed by
 *     {@code #} and a digest of the id; empty: not known
 */
public record AddressLabel(String clientId, String address) {
    private static final int DIGITS = 8;

    /** The label of no address. */
    public static final AddressLabel NONE = new AddressLabel("", "");

    /** @param alone no other address of the route has the same plain label */
    static AddressLabel of(String clientId, String plain, String id, boolean alone) {
        return new AddressLabel(
                clientId, alone ? plain : plain + "#" + Sha256.of(id).substring(0, DIGITS));
    }
}
