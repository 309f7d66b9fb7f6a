package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The headers that every request to an address has: the operator's, without those that are the relay's to set. */
final class FixedHeaders {
    private static final Logger log = LogManager.getLogger(FixedHeaders.class);

    private static final String AUTHORIZATION = "authorization";

    /** Set by the relay, or a matter of the connection. */
    private static final Set<String> RESERVED = Set.of(
            "content-type",
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "connection",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "accept-encoding",
            "user-agent");

    private static final Set<String> RESERVED_PREFIXES = Set.of("relay-", "webhook-");

    private FixedHeaders() {}

    /** @param url with its user info, if any: it becomes Basic credentials unless the operator wrote an Authorization */
    static Headers of(Address address, HttpUrl url, String userAgent) {
        Headers.Builder headers = new Headers.Builder();
        for (Map.Entry<String, Secret> header : address.headers().entrySet()) {
            if (isReserved(header.getKey())) {
                log.warn(
                        "{}: the header {} is the relay's own; the configured one is not sent",
                        address.display(),
                        OneLine.of(header.getKey(), 100));
            } else {
                add(headers, address, header.getKey(), header.getValue().reveal());
            }
        }
        String credentials = BasicCredentials.header(url);
        if (credentials != null && headers.get(AUTHORIZATION) == null) {
            headers.set(AUTHORIZATION, credentials);
        }
        headers.set("user-agent", userAgent);
        // an answer is dropped unread: a compressed one would only be work
        headers.set("accept-encoding", "identity");
        warnIfReadable(address, url, headers.get(AUTHORIZATION) != null);
        return headers.build();
    }

    static boolean isReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith);
    }

    private static void add(Headers.Builder headers, Address address, String name, String value) {
        try {
            headers.set(name, value);
        } catch (IllegalArgumentException e) {
            // the library's message quotes the value
            throw new UnusableAddressException(address.display() + ": the header " + OneLine.of(name, 100)
                    + " has a character that HTTP does not allow in its name or value");
        }
    }

    private static void warnIfReadable(Address address, HttpUrl url, boolean authorized) {
        boolean loopback = url.host().equals("localhost")
                || url.host().startsWith("127.")
                || url.host().equals("::1");
        if (authorized && !url.isHttps() && !loopback) {
            log.warn("{}: credentials go over plain http, where anybody on the way can read them", address.display());
        }
    }
}
