package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.text.Sha256;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a destination.
 *
 * @param url as the operator wrote it, without a user name and password, which become an Authorization header
 *     (the query may hold a secret: print {@link #display()} instead)
 * @param secretPath null: no part of the URL's path is secret
 */
public record Address(URI url, @Nullable SecretPath secretPath) {
    private static final int DIGEST_BYTES = 8;
    private static final Pattern DIGEST = Pattern.compile("sha256-[0-9a-f]{16}");

    /**
     * The id of a destination with this URL whose settings give it no other one. The query and the secret parts of the
     * path are replaced by digests, because every reader of Kafka can see the id.
     */
    public String id() {
        if (secretPath == null) {
            return idOf(url.toString());
        }
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return idOf(url.getScheme() + "://" + url.getRawAuthority() + secretPath.id() + query);
    }

    /** The id of a URL without user info. The id of an id is the id itself. */
    public static String idOf(String url) {
        int query = url.indexOf('?') + 1;
        if (query == 0 || DIGEST.matcher(url.substring(query)).matches()) {
            return url;
        }
        return url.substring(0, query)
                + "sha256-"
                + Sha256.of(url.substring(query)).substring(0, 2 * DIGEST_BYTES);
    }

    /** Scheme, host and port: never credentials, path or query. */
    public String origin() {
        return url.getScheme() + "://" + url.getRawAuthority().replaceFirst("^.*@", "");
    }

    /**
     * The host, IPv6 in brackets. {@link URI#getHost()} is null for a name with an underscore, as in Docker's names.
     */
    public String host() {
        String hostPort = hostPort();
        int colon = hostPort.endsWith("]") ? -1 : hostPort.lastIndexOf(':');
        return colon < 0 ? hostPort : hostPort.substring(0, colon);
    }

    /** The TCP port; the default port of the scheme if the URL has none. */
    public int port() {
        String written = hostPort().substring(host().length());
        if (written.length() > 1) {
            return Integer.parseInt(written.substring(1));
        }
        return isPlain() ? 80 : 443;
    }

    private String hostPort() {
        String authority = url.getRawAuthority();
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    /** Whether the scheme is http: requests cross the network in clear. */
    public boolean isPlain() {
        return url.getScheme().equalsIgnoreCase("http");
    }

    /** Whether it is called over https. */
    public boolean isHttps() {
        return url.getScheme().equalsIgnoreCase("https");
    }

    /** All after the target's name and the slash, percent-decoded: a topic. Empty: there is none. */
    public String topic() {
        String path = url.getRawPath();
        String raw = path == null || path.isEmpty() ? "" : path.substring(1);
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** For logs and errors: without user info, query and secret parts of the path. */
    public String display() {
        String path = secretPath == null ? url.getRawPath() : secretPath.shown();
        return origin() + (path == null ? "" : path);
    }

    /** As {@link #display()}, so that a text logged by accident holds no secret. */
    @Override
    public String toString() {
        return display();
    }
}
