package io.mqttrelay.common.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses that a policy allows, in all their notations. */
class EgressTest {
    private static final Egress PUBLIC_ONLY = new Egress(Egress.Mode.PUBLIC_ONLY, List.of(), List.of());

    private static Egress listed(String allow, String deny) {
        return new Egress(Egress.Mode.LISTED_ONLY, rules(allow), rules(deny));
    }

    private static List<EgressRule> rules(String texts) {
        return texts.isEmpty()
                ? List.of()
                : Arrays.stream(texts.split(" ")).map(EgressRule::parse).toList();
    }

    private static String denied(Egress egress, String address) throws UnknownHostException {
        return egress.whyDenied("hooks.example", InetAddress.getByName(address));
    }

    /** An address as in a DNS answer, with all 16 bytes; methods with a text argument cannot create it. */
    private static InetAddress mapped(int... ipv4) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        for (int i = 0; i < ipv4.length; i++) {
            bytes[12 + i] = (byte) ipv4[i];
        }
        InetAddress address = Inet6Address.getByAddress("hooks.example", bytes, -1);
        assertThat(address.getAddress()).hasSize(16);
        return address;
    }

    @Test
    void aMappedAddressFromDnsIsItsIpv4Address() throws UnknownHostException {
        assertThat(Egress.DEFAULT.whyDenied("h", mapped(169, 254, 169, 254))).isNotNull();
        assertThat(Egress.DEFAULT.whyDenied("h", mapped(10, 1, 2, 3))).isNull();
        assertThat(new Egress(Egress.Mode.ANY, List.of(), rules("10.0.0.0/8")).whyDenied("h", mapped(10, 1, 2, 3)))
                .contains("egress.deny lists");
        assertThat(listed("10.0.0.0/8", "").whyDenied("h", mapped(10, 1, 2, 3))).isNull();
        assertThat(new Egress(Egress.Mode.ANY, List.of(), rules("127.0.0.0/8")).whyDenied("h", mapped(0, 0, 0, 0)))
                .isNotNull();
        assertThat(Egress.dialled(mapped(0, 0, 0, 0))).isEqualTo(InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "169.254.0.1",
                "fe80::1",
                "febf::1",
                "fd00:ec2::254",
                "fd00:ec2::23",
                "fd20:ce::254",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::169.254.169.254",
                "64:ff9b:1:a9fe:a9:fe00::",
                "2002:a9fe:a9fe::1",
                "2001:0:a9fe:a9fe::1",
                "2001:0:1:2:3:4:5601:5601",
                "2001:470:1:2:0:5efe:169.254.169.254",
                "2001:470:1:2:200:5efe:a9fe:a9fe"
            })
    void metadataAndLinkLocalAddressesAreDeniedUnlessAllowed(String address) throws UnknownHostException {
        assertThat(denied(Egress.DEFAULT, address))
                .contains(" is denied by the egress policy: ", "if it is meant, list it in egress.allow")
                .doesNotContain("\n");
        assertThat(denied(PUBLIC_ONLY, address)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.1.2.3",
                "192.168.0.1",
                "172.16.0.1",
                "0.0.0.0",
                "100.64.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "fd00:ec1::254",
                "fec0::1",
                "93.184.215.14",
                "2606:2800:21f:cb07::1",
                "64:ff9b::10.0.0.1",
                "2002:0a00:0001::1"
            })
    void byDefaultEverythingElseIsAllowed(String address) throws UnknownHostException {
        assertThat(denied(Egress.DEFAULT, address)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:7f00:1",
                "::ffff:10.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::8.8.8.8",
                "100::1",
                "2001::1",
                "2001:2::1",
                "2001:10::1",
                "2001:db8::1",
                "2002:808:808::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fdff::1",
                "fec0::1",
                "ff02::1",
                "2606:4700::5efe:10.0.0.1"
            })
    void notPublic(String address) throws UnknownHostException {
        assertThat(denied(PUBLIC_ONLY, address)).contains("egress");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "64:ff9b::8.8.8.8",
                "2606:4700:4700::1111",
                "2a00:1450:4001:80b::200e",
                "2001:200::1"
            })
    void publicAddressesAreAllowedWhereOnlyTheseAre(String address) throws UnknownHostException {
        assertThat(denied(PUBLIC_ONLY, address)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8       |               | 10.1.2.3                 | true",
                "10.0.0.0/8       |               | 11.0.0.0                 | false",
                "10.0.0.0/8       |               | 64:ff9b::10.1.2.3        | true",
                "10.0.0.0/8       |               | ::ffff:10.1.2.3          | true",
                "10.0.0.0/8       | 10.1.2.3      | 10.1.2.3                 | false",
                "10.0.0.0/8       | 10.1.2.3      | 64:ff9b::10.1.2.3        | false",
                "10.0.0.0/8       | 64:ff9b::/96  | 64:ff9b::10.1.2.3        | false",
                "::/0             | 10.0.0.0/8    | 2002:a01:203::1          | false",
                "0.0.0.0/0        |               | 169.254.169.254          | true",
                "0.0.0.0/0        |               | 2606:4700::1             | false",
                "::/0 0.0.0.0/0   | 127.0.0.0/8   | 0.0.0.0                  | false",
                "::/0 0.0.0.0/0   | 0.0.0.0       | 0.0.0.0                  | false",
                "::/0 0.0.0.0/0   | ::1           | ::                       | false",
                "::ffff:10.0.0.0/104 |            | 10.9.9.9                 | true",
                "fd00::/8         |               | fd00:ec2::254            | true",
                "hooks.example    |               | 10.1.2.3                 | true",
                "HOOKS.Example.   |               | 169.254.169.254          | true",
                "*.example        |               | 10.1.2.3                 | true",
                "*.hooks.example  |               | 10.1.2.3                 | false",
                "ooks.example     |               | 10.1.2.3                 | false",
                "hooks.example    | *.example     | 10.1.2.3                 | false",
                "hooks.example    | 10.0.0.0/8    | 10.1.2.3                 | false"
            })
    void denyWinsOverAllowAndAllowOverTheRest(String allow, String deny, String address, boolean allowed)
            throws UnknownHostException {
        String why = denied(listed(allow, deny == null ? "" : deny), address);
        assertThat(why == null).as(why).isEqualTo(allowed);
    }

    @Test
    void namesTheDenyingRuleAndTheRemedy() throws UnknownHostException {
        assertThat(denied(listed("", "10.0.0.0/8"), "10.1.2.3"))
                .isEqualTo("10.1.2.3 is denied by the egress policy: egress.deny lists 10.0.0.0/8");
        assertThat(denied(listed("", ""), "10.1.2.3"))
                .isEqualTo(
                        "10.1.2.3 is denied by the egress policy: egress.mode is listed_only; if it is meant, list it"
                                + " in egress.allow");
        assertThat(denied(Egress.DEFAULT, "169.254.169.254"))
                .isEqualTo(
                        "169.254.169.254 is denied by the egress policy: link-local addresses serve cloud metadata; if"
                                + " it is meant, list it in egress.allow");
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, true",
        "169.254.169.254., true",
        "[fe80::1], true",
        "[::ffff:a9fe:a9fe], true",
        "Files.Internal., true",
        "hooks.example, false",
        "10.0.0.1, false"
    })
    void deniesLiteralsAndListedNamesWithoutALookUp(String host, boolean denied) {
        Egress egress = new Egress(Egress.Mode.ANY, List.of(), rules("*.internal"));
        assertThat(egress.whyDeniedByName(host) != null).isEqualTo(denied);
    }
}
