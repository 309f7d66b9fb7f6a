package io.mqttrelay.common.egress;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host name as in a callback's URL, no matter which address it resolves to; or, as {@code *.example}, every host
 * below a name.
 *
 * @param text canonical
 */
public record HostPattern(String text) implements EgressRule {
    private static final String BELOW = "*.";
    private static final Pattern NAME = Pattern.compile(
            "(\\*\\.)?" + "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final int MAX_LENGTH = 255;

    /** @throws IllegalArgumentException with the reason in its message */
    static HostPattern parse(String text) {
        String canonical = canonical(text);
        if (canonical.length() > MAX_LENGTH || !NAME.matcher(canonical).matches()) {
            throw new IllegalArgumentException(
                    "must be an IP address, a range such as 10.0.0.0/8, or a host name in ASCII such as hooks.example or"
                            + " *.example");
        }
        return new HostPattern(canonical);
    }

    /** The canonical notation of a host: lower case, without a final dot. */
    static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    boolean matches(String host) {
        return text.startsWith(BELOW) ? host.endsWith(text.substring(1)) : host.equals(text);
    }

    @Override
    public boolean matches(String host, byte[] address) {
        return matches(host);
    }

    @Override
    public String toString() {
        return text;
    }
}
