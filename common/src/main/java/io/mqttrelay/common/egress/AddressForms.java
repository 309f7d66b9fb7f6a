package io.mqttrelay.common.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An address with the IPv4 addresses that it may embed. Routers and gateways translate a packet to
 * {@code 64:ff9b::a9fe:a9fe} into a packet to 169.254.169.254.
 *
 * @param all every form, the dialled one first: none of them may be denied
 * @param meant each of them must be allowed; without the outer form if that is only another notation of the inner
 *     one
 */
@SuppressWarnings("ArrayRecordComponent") // address lists, never compared
record AddressForms(List<byte[]> all, List<byte[]> meant) {
    private static final IpRange COMPATIBLE = IpRange.parse("::/96");
    private static final IpRange NAT64 = IpRange.parse("64:ff9b::/96");
    private static final IpRange LOCAL_NAT64 = IpRange.parse("64:ff9b:1::/48");
    private static final IpRange SIX_TO_FOUR = IpRange.parse("2002::/16");
    private static final IpRange TEREDO = IpRange.parse("2001::/32");

    /** The first bytes of {@code ::ffff:0:0/96}. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    static AddressForms of(InetAddress given) {
        InetAddress address = unmapped(given);
        byte[] outer = address.getAddress();
        if (address.isAnyLocalAddress()) {
            return thisMachine(outer);
        }
        if (outer.length == 4 || address.isLoopbackAddress()) {
            return new AddressForms(List.of(outer), List.of(outer));
        }
        List<byte[]> inner = embedded(outer);
        List<byte[]> all = new ArrayList<>(List.of(outer));
        all.addAll(inner);
        boolean isSpelling = COMPATIBLE.contains(outer) || NAT64.contains(outer);
        return new AddressForms(List.copyOf(all), isSpelling ? inner : List.copyOf(all));
    }

    /**
     * The IPv4 address of {@code ::ffff:a.b.c.d}, which every system treats as that IPv4 address. Java converts a
     * literal, but keeps all 16 bytes of a DNS answer.
     */
    static InetAddress unmapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isMapped = bytes.length == 16 && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return isMapped ? address(ipv4(bytes, 12, 13, 14, 15)) : address;
    }

    private static AddressForms thisMachine(byte[] outer) {
        return new AddressForms(
                List.of(outer, LOOPBACK_IPV4, LOOPBACK_IPV6),
                List.of(InetAddress.getLoopbackAddress().getAddress()));
    }

    private static List<byte[]> embedded(byte[] outer) {
        if (COMPATIBLE.contains(outer) || NAT64.contains(outer)) {
            return List.of(ipv4(outer, 12, 13, 14, 15));
        }
        if (LOCAL_NAT64.contains(outer)) {
            // RFC 6052: the position depends on the length of the operator's prefix; the byte with bits 64..71 is
            // skipped
            return List.of(
                    ipv4(outer, 6, 7, 9, 10),
                    ipv4(outer, 7, 9, 10, 11),
                    ipv4(outer, 9, 10, 11, 12),
                    ipv4(outer, 12, 13, 14, 15));
        }
        if (SIX_TO_FOUR.contains(outer)) {
            return List.of(ipv4(outer, 2, 3, 4, 5));
        }
        if (TEREDO.contains(outer)) {
            byte[] client = ipv4(outer, 12, 13, 14, 15);
            for (int i = 0; i < client.length; i++) {
                client[i] = (byte) ~client[i];
            }
            return List.of(ipv4(outer, 4, 5, 6, 7), client);
        }
        return isIsatap(outer) ? List.of(ipv4(outer, 12, 13, 14, 15)) : List.of();
    }

    /** RFC 5214: an interface identifier of 0000:5efe or 0200:5efe and an IPv4 address. */
    private static boolean isIsatap(byte[] outer) {
        byte[] marker = Arrays.copyOfRange(outer, 8, 12);
        marker[0] &= (byte) ~2;
        return Arrays.equals(marker, new byte[] {0, 0, 0x5e, (byte) 0xfe});
    }

    private static byte[] ipv4(byte[] outer, int... places) {
        byte[] address = new byte[places.length];
        for (int i = 0; i < places.length; i++) {
            address[i] = outer[places[i]];
        }
        return address;
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
