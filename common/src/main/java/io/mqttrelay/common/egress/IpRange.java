package io.mqttrelay.common.egress;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A range of addresses, or one address. A range of IPv4-mapped addresses becomes the range of their IPv4 addresses,
 * because Java converts such addresses in the same way.
 */
public final class IpRange implements EgressRule {
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final int MAPPED_BITS = 96;

    private final byte[] network;
    private final int prefix;

    private IpRange(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * Parses {@code address/prefix} or a single address.
     *
     * @throws IllegalArgumentException with the reason in its message
     */
    static IpRange parse(String text) {
        int slash = text.indexOf('/');
        String addressText = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = IpLiteral.parse(addressText);
        if (address == null) {
            throw new IllegalArgumentException(
                    "must be an IP address, a range such as 10.0.0.0/8 or fd00::/8, or a host name");
        }
        byte[] bytes = address.getAddress();
        boolean mapped = bytes.length == 4 && addressText.indexOf(':') >= 0;
        int most = mapped ? 128 : bytes.length * 8;
        int written = slash < 0 ? most : prefix(text.substring(slash + 1), most);
        if (mapped && written < MAPPED_BITS) {
            throw new IllegalArgumentException("a range of IPv4-mapped addresses has a prefix of at least /96");
        }
        return range(bytes, mapped ? written - MAPPED_BITS : written);
    }

    private static int prefix(String text, int most) {
        int prefix = PREFIX.matcher(text).matches() ? Integer.parseInt(text) : Integer.MAX_VALUE;
        if (prefix > most) {
            throw new IllegalArgumentException("the prefix after the / must be 0.." + most);
        }
        return prefix;
    }

    private static IpRange range(byte[] address, int prefix) {
        byte[] network = new byte[address.length];
        for (int bit = 0; bit < prefix; bit++) {
            network[bit / 8] |= (byte) (address[bit / 8] & (0x80 >> bit % 8));
        }
        IpRange range = new IpRange(network, prefix);
        if (!Arrays.equals(network, address)) {
            throw new IllegalArgumentException("has bits set beyond its prefix: write " + range);
        }
        return range;
    }

    @Override
    public boolean matches(String host, byte[] address) {
        return contains(address);
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (((address[bit / 8] ^ network[bit / 8]) & (0x80 >> bit % 8)) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof IpRange r && r.prefix == prefix && Arrays.equals(r.network, network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }

    @Override
    public String toString() {
        String address = AddressForms.address(network).getHostAddress();
        return prefix == network.length * 8 ? address : address + "/" + prefix;
    }
}
