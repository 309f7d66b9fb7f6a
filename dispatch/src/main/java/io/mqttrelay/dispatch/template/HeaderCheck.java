package io.mqttrelay.dispatch.template;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks names and values of headers that a template gives. */
final class HeaderCheck {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent");
    private static final int MAX_LENGTH = 8192;

    private HeaderCheck() {}

    /** The problem of a name; null: none. */
    static @Nullable String problem(String name) {
        if (!NAME.matcher(name).matches()) {
            return "is no name of a header";
        }
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isRelays = lower.startsWith("relay-") || lower.startsWith("webhook-") || lower.startsWith("ce-");
        return isRelays || OF_THE_CONNECTION.contains(lower) ? "is a header that the relay sets itself" : null;
    }

    /**
     * The value, if it is legal.
     *
     * @throws Evaluated.Failure if it is not
     */
    static String value(String where, String value) {
        if (value.length() > MAX_LENGTH) {
            throw new Evaluated.Failure(where + ": longer than " + MAX_LENGTH + " characters", false);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                throw new Evaluated.Failure(
                        where + ": character " + (i + 1) + " is not allowed in a header; encode the text", false);
            }
        }
        return value.strip();
    }
}
