package io.mqttrelay.common.config;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One callback address of a route, with everything that its calls need: what the entry itself says and, where it says
 * nothing, what the route says.
 *
 * @param url as the operator wrote it, but for a user name and password, which are an Authorization header (its query may
 *     hold a secret: print {@link #display()} instead)
 * @param headers sent with every request, in the file's order
 * @param signingSecrets Standard Webhooks secrets, newest first, at most 4; empty: unsigned
 * @param tls for https
 */
public record Address(URI url, Map<String, Secret> headers, List<Secret> signingSecrets, TlsSettings tls) {
    public Address {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        signingSecrets = List.copyOf(signingSecrets);
    }

    /** Identifies the address within its route: in dead letters, commit metadata and {@code --address}. */
    public String id() {
        return url.toString();
    }

    /** Scheme, host and port: the metric label, never credentials, path or query. */
    public String origin() {
        return url.getScheme() + "://" + url.getRawAuthority().replaceFirst("^.*@", "");
    }

    /** For logs and errors: without user info and query. */
    public String display() {
        return origin() + (url.getRawPath() == null ? "" : url.getRawPath());
    }

    /** As {@link #display()}: what is logged by accident holds no secret. */
    @Override
    public String toString() {
        return display();
    }
}
