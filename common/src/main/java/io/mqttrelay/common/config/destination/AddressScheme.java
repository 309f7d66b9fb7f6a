package io.mqttrelay.common.config.destination;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A URL scheme that addresses may have.
 *
 * @param name in lower case
 * @param defaultPort of the host behind {@code ://}; null: a name of the target's own stands there instead of a host
 * @param settings settings that only some schemes have, and this one has: keys of an address out of {@link #ALL_SETTINGS}
 */
public record AddressScheme(String name, @Nullable Integer defaultPort, Set<String> settings) {
    /** With it, a user name and password in the URL become a header. */
    public static final String HEADERS = "headers";

    public static final String SIGNING_SECRETS = "signing_secrets";
    public static final String TLS = "tls";
    public static final String OAUTH2 = "oauth2";
    public static final String MESSAGE_FORMAT = "message_format";
    public static final String TEMPLATE = "template";
    public static final String BATCH = "batch";
    public static final String ACCEPT_ON = "accept_on";
    public static final String REJECT_ON = "reject_on";
    public static final String REPLY = "reply";
    public static final String STATEMENT = "statement";

    /** Parts of a template that only some schemes have. */
    public static final String TEMPLATE_METHOD = "template.method";

    public static final String TEMPLATE_PATH = "template.path";
    public static final String TEMPLATE_QUERY = "template.query";
    public static final String TEMPLATE_HEADERS = "template.headers";
    public static final String TEMPLATE_KEY = "template.key";
    public static final String TEMPLATE_TOPIC = "template.topic";
    public static final String TEMPLATE_RETAIN = "template.retain";
    public static final String TEMPLATE_PARAMS = "template.params";

    private static final Set<String> OF_HTTP = Set.of(
            HEADERS,
            SIGNING_SECRETS,
            TLS,
            OAUTH2,
            MESSAGE_FORMAT,
            TEMPLATE,
            BATCH,
            ACCEPT_ON,
            REJECT_ON,
            REPLY,
            TEMPLATE_METHOD,
            TEMPLATE_PATH,
            TEMPLATE_QUERY,
            TEMPLATE_HEADERS);

    public static final Set<String> ALL_SETTINGS = Stream.concat(
                    OF_HTTP.stream(),
                    Stream.of(STATEMENT, TEMPLATE_KEY, TEMPLATE_TOPIC, TEMPLATE_RETAIN, TEMPLATE_PARAMS))
            .collect(Collectors.toUnmodifiableSet());

    public static final AddressScheme HTTP = new AddressScheme("http", 80, OF_HTTP);
    public static final AddressScheme HTTPS = new AddressScheme("https", 443, OF_HTTP);

    public AddressScheme {
        settings = Set.copyOf(settings);
    }

    /** Whether a host stands behind {@code ://}, which the egress policy may deny. */
    public boolean hasHost() {
        return defaultPort != null;
    }

    /** Whether a destination may have the setting. */
    public boolean has(String setting) {
        return settings.contains(setting);
    }
}
