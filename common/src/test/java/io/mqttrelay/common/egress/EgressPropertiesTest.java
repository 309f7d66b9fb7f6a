package io.mqttrelay.common.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** No notation of a denied address is allowed, and ranges agree with plain arithmetic. */
class EgressPropertiesTest {
    private static final Egress PUBLIC_ONLY = new Egress(Egress.Mode.PUBLIC_ONLY, List.of(), List.of());

    @Property
    void noDisguiseOfAnAddressIsAllowedWhereItIsNot(
            @ForAll @Size(4) byte[] inner, @ForAll @Size(16) byte[] noise, @ForAll @IntRange(max = 5) int disguise)
            throws UnknownHostException {
        InetAddress plain = InetAddress.getByAddress(inner);
        InetAddress disguised = InetAddress.getByAddress(disguise(inner, noise, disguise));
        for (Egress egress : List.of(Egress.DEFAULT, PUBLIC_ONLY)) {
            if (egress.whyDenied("h", plain) != null && !plain.isAnyLocalAddress() && inner[0] != 0) {
                assertThat(egress.whyDenied("h", disguised))
                        .as(disguised.toString())
                        .isNotNull();
            }
        }
    }

    private static byte[] disguise(byte[] inner, byte[] noise, int disguise) {
        return switch (disguise) {
            case 0 -> with(new byte[16], 12, inner); // IPv4-compatible
            case 1 -> with(with(new byte[16], 10, bytes(0xff, 0xff)), 12, inner); // IPv4-mapped
            case 2 -> with(with(new byte[16], 0, bytes(0, 0x64, 0xff, 0x9b)), 12, inner); // NAT64
            case 3 -> with(with(noise, 0, bytes(0x20, 0x02)), 2, inner); // 6to4
            case 4 -> with(with(noise, 0, bytes(0x20, 0x01, 0, 0)), 4, inner); // Teredo's server
            default -> with(with(noise, 8, bytes(0, 0, 0x5e, 0xfe)), 12, inner); // ISATAP
        };
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] with(byte[] address, int at, byte[] part) {
        byte[] copy = address.clone();
        System.arraycopy(part, 0, copy, at, part.length);
        return copy;
    }

    @Property
    void aRangeHoldsTheAddressesThatShareItsFirstBits(
            @ForAll @Size(16) byte[] one, @ForAll @Size(16) byte[] other, @ForAll @IntRange(max = 128) int prefix) {
        BigInteger network = new BigInteger(1, one).shiftRight(128 - prefix).shiftLeft(128 - prefix);
        byte[] first = sixteen(network);
        if (AddressForms.address(first).getAddress().length == 4) {
            return; // an IPv4-mapped range is a range of IPv4
        }
        IpRange range = IpRange.parse(AddressForms.address(first).getHostAddress() + "/" + prefix);
        assertThat(range.contains(one)).isTrue();
        assertThat(range.contains(other))
                .isEqualTo(new BigInteger(1, other).shiftRight(128 - prefix).equals(network.shiftRight(128 - prefix)));
        assertThat(range.contains(Arrays.copyOf(one, 4))).isFalse();
    }

    private static byte[] sixteen(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] address = new byte[16];
        int length = Math.min(16, bytes.length);
        System.arraycopy(bytes, bytes.length - length, address, 16 - length, length);
        return address;
    }

    @Property
    void noTextMakesTheReaderOfRulesFailOtherwiseThanInWords(@ForAll String text) {
        try {
            assertThat(EgressRule.parse(text).toString()).isNotEmpty();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
