package io.mqttrelay.common.egress;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Address ranges with a special meaning: IANA's special-purpose registries, and the metadata addresses of clouds. */
final class KnownRanges {
    /** Addresses at which a machine's own cloud answers, often with credentials. */
    private static final Map<IpRange, String> GUARDED = new LinkedHashMap<>();

    static {
        GUARDED.put(IpRange.parse("169.254.0.0/16"), "link-local addresses serve cloud metadata");
        GUARDED.put(IpRange.parse("fe80::/10"), "it is a link-local address");
        GUARDED.put(IpRange.parse("fd00:ec2::/32"), "it serves cloud metadata (AWS)");
        GUARDED.put(IpRange.parse("fd20:ce::254"), "it serves cloud metadata (Google Cloud)");
        GUARDED.put(IpRange.parse("100.100.100.200"), "it serves cloud metadata (Alibaba Cloud)");
        GUARDED.put(IpRange.parse("192.0.0.192"), "it serves cloud metadata (Oracle Cloud)");
        GUARDED.put(IpRange.parse("168.63.129.16"), "it serves the cloud's own agents (Azure)");
    }

    private static final List<IpRange> NOT_PUBLIC_IPV4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** The only IPv6 range with allocated global addresses, except the ranges listed below. */
    private static final IpRange GLOBAL_IPV6 = IpRange.parse("2000::/3");

    private static final List<IpRange> NOT_PUBLIC_IPV6 = ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private KnownRanges() {}

    private static List<IpRange> ranges(String... texts) {
        return Arrays.stream(texts).map(IpRange::parse).toList();
    }

    /** The reason why the address is denied unless an operator allows it; null: it is not guarded. */
    static @Nullable String whyGuarded(byte[] address) {
        for (Map.Entry<IpRange, String> guarded : GUARDED.entrySet()) {
            if (guarded.getKey().contains(address)) {
                return guarded.getValue();
            }
        }
        return null;
    }

    static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return NOT_PUBLIC_IPV4.stream().noneMatch(range -> range.contains(address));
        }
        return GLOBAL_IPV6.contains(address) && NOT_PUBLIC_IPV6.stream().noneMatch(range -> range.contains(address));
    }
}
