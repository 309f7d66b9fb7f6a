package io.mqttrelay.common.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A URL scheme that addresses may have.
 *
 * @param name in lower case
 * @param defaultPort of the host behind {@code ://}; null: a name of the target's own stands there instead of a host
 * @param settings keys of the settings that such an address may have beside its URL, out of {@link #ALL_SETTINGS}
 */
public record AddressScheme(String name, @Nullable Integer defaultPort, Set<String> settings) {
    /** With it, a user name and password in the URL become a header. */
    public static final String HEADERS = "headers";

    public static final String SIGNING_SECRETS = "signing_secrets";
    public static final String TLS = "tls";

    public static final Set<String> ALL_SETTINGS = Set.of(HEADERS, SIGNING_SECRETS, TLS);

    public static final AddressScheme HTTP = new AddressScheme("http", 80, ALL_SETTINGS);
    public static final AddressScheme HTTPS = new AddressScheme("https", 443, ALL_SETTINGS);

    public AddressScheme {
        settings = Set.copyOf(settings);
    }

    /** Whether a host stands behind {@code ://}, which the egress policy may deny. */
    public boolean hasHost() {
        return defaultPort != null;
    }
}
