package io.mqttrelay.common.config;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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
    private static final int DIGEST_BYTES = 8;
    private static final Pattern DIGEST = Pattern.compile("sha256-[0-9a-f]{16}");

    public Address {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        signingSecrets = List.copyOf(signingSecrets);
    }

    /**
     * Identifies the address within its route: in dead letters, replays and commit metadata. Of a query, which may hold a
     * secret, there is a digest: all who may read Kafka see it.
     */
    public String id() {
        return idOf(url.toString());
    }

    /** The id of a URL without user info; that of an id is the id itself. */
    public static String idOf(String url) {
        int query = url.indexOf('?') + 1;
        if (query == 0 || DIGEST.matcher(url.substring(query)).matches()) {
            return url;
        }
        return url.substring(0, query)
                + "sha256-"
                + Sha256.of(url.substring(query)).substring(0, 2 * DIGEST_BYTES);
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
