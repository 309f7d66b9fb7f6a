package io.mqttrelay.common.config.destination;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * How dead letters, logs and meters name an address, also one that the configuration does not have.
 *
 * @param id of the address within its route
 * @param display for logs; without secrets
 * @param label in meters
 */
public record AddressName(String id, String display, AddressLabel label) {
    /** The name of an address that the configuration does not have. Its label has no part of an id that is no URL. */
    public static AddressName ofUnknown(String id) {
        try {
            URI url = new URI(id);
            if (url.getScheme() != null && url.getRawAuthority() != null) {
                Address address = new Address(url, null);
                return new AddressName(id, address.display(), new AddressLabel("", address.origin()));
            }
        } catch (URISyntaxException e) {
            // an id that an operator chose
        }
        return new AddressName(id, id, AddressLabel.NONE);
    }
}
