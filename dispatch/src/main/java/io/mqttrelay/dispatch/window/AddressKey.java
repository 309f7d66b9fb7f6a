package io.mqttrelay.dispatch.window;

import io.mqttrelay.common.text.Sha256;

/** The key of one address of a route in eight bytes, the same in every process and release: stored in commits. */
public final class AddressKey {
    /** Stands in commits for an app's unroutable records. */
    static final long UNROUTABLE = 0;

    private AddressKey() {}

    /** Returns the first eight bytes of the SHA-256 of both names. */
    public static long of(String route, String address) {
        return Sha256.firstBytes(route + "\n" + address);
    }
}
