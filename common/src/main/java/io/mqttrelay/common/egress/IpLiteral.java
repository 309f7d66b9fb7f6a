package io.mqttrelay.common.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses IP addresses in their canonical notation only. Notations that some systems also accept, such as
 * {@code 0x7f.1}, are rejected.
 */
final class IpLiteral {
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern NUMERIC = Pattern.compile("([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private IpLiteral() {}

    /** The address; null: the text is not an address. An IPv4-mapped address becomes its IPv4 address. */
    static @Nullable InetAddress parse(String text) {
        if (!isIpv4(text) && !(text.indexOf(':') >= 0 && IPV6.matcher(text).matches())) {
            return null;
        }
        try {
            return InetAddress.getByName(text); // no DNS lookup happens for a text of this form
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

    /** Whether the text must be an address: no host name has a colon or a number as its last label. */
    static boolean looksNumeric(String text) {
        String lastLabel =
                text.substring(text.substring(0, Math.max(0, text.length() - 1)).lastIndexOf('.') + 1);
        return text.indexOf(':') >= 0 || NUMERIC.matcher(lastLabel).matches();
    }
}
