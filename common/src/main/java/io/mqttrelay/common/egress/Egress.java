package io.mqttrelay.common.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policy for the addresses that callbacks may connect to. {@code deny} overrides {@code allow}. {@code allow}
 * overrides the mode and the denial of link-local and metadata addresses.
 */
public record Egress(Mode mode, List<EgressRule> allow, List<EgressRule> deny) {
    /** The rule for addresses that neither list matches. */
    public enum Mode {
        /** Allows all except link-local and cloud metadata addresses. */
        ANY,
        /** Allows addresses of the public Internet. */
        PUBLIC_ONLY,
        /** Allows nothing. */
        LISTED_ONLY
    }

    /** The policy if the file has none. */
    public static final Egress DEFAULT = new Egress(Mode.ANY, List.of(), List.of());

    private static final String DENIED = " is denied by the egress policy: ";
    private static final String IF_MEANT = "; if it is meant, list it in egress.allow";
    private static final byte[] NO_ADDRESS = {};

    public Egress {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * The address that a connection dials. The unspecified address ({@code 0.0.0.0}, {@code ::}) means this machine
     * and becomes the loopback address.
     */
    public static InetAddress dialled(InetAddress address) {
        InetAddress plain = AddressForms.unmapped(address);
        return plain.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : plain;
    }

    /**
     * The reason why a connection is denied, one line; null: it is allowed.
     *
     * @param host of the URL, a name or a literal
     * @param address that would be dialled
     */
    public @Nullable String whyDenied(String host, InetAddress address) {
        String name = HostPattern.canonical(host);
        AddressForms forms = AddressForms.of(address);
        String shown = address.getHostAddress();
        for (byte[] form : forms.all()) {
            EgressRule rule = first(deny, name, form);
            if (rule != null) {
                return shown + DENIED + "egress.deny lists " + rule;
            }
        }
        for (byte[] form : forms.meant()) {
            String why = first(allow, name, form) != null
                    ? null
                    : whyNotAllowed(form, form == forms.meant().get(0));
            if (why != null) {
                return shown + DENIED + why + IF_MEANT;
            }
        }
        return null;
    }

    /** @param main false: an address that the dialled one may embed */
    private @Nullable String whyNotAllowed(byte[] address, boolean main) {
        String guarded = KnownRanges.whyGuarded(address);
        if (guarded != null) {
            return guarded;
        }
        return switch (mode) {
            case ANY -> null;
            case PUBLIC_ONLY ->
                KnownRanges.isPublic(address) ? null : "it is not public, and egress.mode is public_only";
            case LISTED_ONLY -> main ? "egress.mode is listed_only" : null;
        };
    }

    private static @Nullable EgressRule first(List<EgressRule> rules, String host, byte[] address) {
        for (EgressRule rule : rules) {
            if (rule.matches(host, address)) {
                return rule;
            }
        }
        return null;
    }

    /**
     * Checks a URL without a DNS lookup: an address in the URL, or a name that {@code deny} lists.
     *
     * @param host of the URL, IPv6 with or without brackets
     * @return the reason for a denial, one line; null: none is known
     */
    public @Nullable String whyDeniedByName(String host) {
        String plain = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        InetAddress literal = IpLiteral.parse(HostPattern.canonical(plain));
        if (literal != null) {
            return whyDenied(plain, literal);
        }
        EgressRule rule = first(deny, HostPattern.canonical(plain), NO_ADDRESS);
        return rule == null ? null : HostPattern.canonical(plain) + DENIED + "egress.deny lists " + rule;
    }

    /** The policy in one line, for the summary of the configuration. */
    @Override
    public String toString() {
        String others = switch (mode) {
            case ANY -> "any address but link-local and cloud metadata";
            case PUBLIC_ONLY -> "public addresses only";
            case LISTED_ONLY -> "no address";
        };
        return others + list(", and allowed ", allow) + list(", never ", deny);
    }

    private static String list(String before, List<EgressRule> rules) {
        return rules.isEmpty()
                ? ""
                : before + rules.stream().map(Object::toString).collect(Collectors.joining(" "));
    }
}
