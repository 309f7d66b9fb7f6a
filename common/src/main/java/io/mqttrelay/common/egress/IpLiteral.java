package io.mqttrelay.common.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** IP addresses in their one canonical spelling: what some systems also read, such as {@code 0x7f.1}, is none. */
final class IpLiteral {
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern NUMERIC = Pattern.compile("([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private IpLiteral() {}

    /** Null: not an address. An IPv4-mapped address is the IPv4 address it stands for. */
    static @Nullable InetAddress parse(String text) {
        if (!isIpv4(text) && !(text.indexOf(':') >= 0 && IPV6.matcher(text).matches())) {
            return null;
        }
        try {
            return InetAddress.getByName(text); // a text of this form is never looked up
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean isIpv4(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return false;
        }
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is meant as an address: no name has a colon, nor a number for its last label. */
    static boolean looksNumeric(String text) {
        String lastLabel =
                text.substring(text.substring(0, Math.max(0, text.length() - 1)).lastIndexOf('.') + 1);
        return text.indexOf(':') >= 0 || NUMERIC.matcher(lastLabel).matches();
    }
}
