package io.mqttrelay.common.config.read.destination;

import com.google.re2j.Pattern;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.MapType;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Static request headers. It accepts only names and values that HTTP allows, and no header that the relay sets
 * itself.
 */
final class Headers {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");
    private static final int MAX_VALUE = 8192;

    /** Headers of the connection, and headers that the relay sets on every request. */
    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-type",
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "accept-encoding",
            "connection",
            "keep-alive",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "http2-settings",
            "proxy-connection",
            "proxy-authorization",
            "proxy-authenticate",
            "traceparent",
            "tracestate",
            "user-agent");

    private static final List<String> RESERVED_PREFIXES = List.of("webhook-", "relay-");

    static final MapType<Secret> TYPE =
            new MapType<>("object of header names and values", Headers::entry, Type.schemaOf("string"));

    private Headers() {}

    private static @Nullable Secret entry(String name, Value value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matches(name)) {
            value.problem("is not a header name: letters, digits and -_.!#$%&'*+^`|~ only");
            return null;
        }
        if (RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
            value.problem("is set by the relay and cannot be given here");
            return null;
        }
        if (!value.json().isTextual()) {
            value.expectedSecret("a string");
            return null;
        }
        String text = value.text();
        if (text == null) {
            return null;
        }
        if (!VALUE.matches(text) || !text.equals(text.strip())) {
            value.problem("must be visible ASCII characters, with spaces and tabs only in between");
            return null;
        }
        if (text.length() > MAX_VALUE) {
            value.problem("must have at most " + MAX_VALUE + " characters");
            return null;
        }
        return new Secret(text);
    }

    /** Reports names that differ only in case: HTTP treats them as equal. */
    static void checkDistinct(Map<String, Secret> headers, Value written) {
        Map<String, String> seen = new LinkedHashMap<>();
        for (String name : headers.keySet()) {
            String earlier = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (earlier != null) {
                written.problemAt(name, "is there twice, also as " + earlier);
            }
        }
    }

    /** The route's headers, overridden by those of the address. Names are compared without regard to case. */
    static Map<String, Secret> merge(Map<String, Secret> route, Map<String, Secret> address) {
        Map<String, Secret> merged = new LinkedHashMap<>(route);
        for (Map.Entry<String, Secret> header : address.entrySet()) {
            merged.keySet().removeIf(name -> name.equalsIgnoreCase(header.getKey()));
            merged.put(header.getKey(), header.getValue());
        }
        return merged;
    }
}
