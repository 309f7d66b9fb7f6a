package io.mqttrelay.common.config.read.value;

import com.google.re2j.Pattern;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.settings.TextType.WrongException;
import java.net.IDN;
import java.util.List;
import java.util.Locale;

/** Host names, addresses and ports. Only their syntax is checked; there is no DNS lookup. */
public final class Hosts {
    private static final int MAX_NAME = 253;
    private static final int MAX_PORT = 65_535;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9A-Fa-f]*");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,6}");
    private static final Pattern HEXTET = Pattern.compile("[0-9A-Fa-f]{1,4}");

    private Hosts() {}

    /** Reads a host without a port. IPv6 is accepted with or without brackets and returned without. */
    public static String host(String text) throws WrongException {
        if (text.isEmpty()) {
            throw new WrongException("must not be empty");
        }
        noLogin(text);
        if (text.contains("://")) {
            throw WrongException.was("must be a host name or address alone, without a scheme", text);
        }
        if (text.startsWith("[") && text.endsWith("]")) {
            return ipv6(text.substring(1, text.length() - 1));
        }
        if (text.indexOf(':') != text.lastIndexOf(':')) {
            return ipv6(text);
        }
        if (text.indexOf(':') >= 0) {
            throw new WrongException("must be a host name or address alone, the port is a key of its own");
        }
        return name(text);
    }

    /** Reads {@code host:port} or {@code [ipv6]:port}. */
    public static HostPort hostPort(String text) throws WrongException {
        noLogin(text);
        int colon = text.lastIndexOf(':');
        if (text.contains("://")) {
            throw WrongException.was("must be host:port, without a scheme", text);
        }
        if (colon <= 0 || text.endsWith("]")) {
            throw WrongException.was("must be host:port", text);
        }
        return new HostPort(host(bracketed(text.substring(0, colon))), port(text.substring(colon + 1)));
    }

    /** Rejects a login. This check comes first, because later errors may quote the text. */
    private static void noLogin(String text) throws WrongException {
        if (text.indexOf('@') >= 0) {
            throw new WrongException("must not hold a user name or password");
        }
    }

    private static String bracketed(String host) throws WrongException {
        if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            throw new WrongException("an IPv6 address before a port must stand in brackets: [::1]:1883");
        }
        return host;
    }

    public static int port(String text) throws WrongException {
        int port = DIGITS.matches(text) ? Integer.parseInt(text) : -1;
        if (port < 1 || port > MAX_PORT) {
            throw WrongException.was("the port must be 1..65535", text);
        }
        return port;
    }

    /** A name or an IPv4 address. */
    private static String name(String text) throws WrongException {
        if (text.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            throw new WrongException("must not contain spaces");
        }
        if (text.codePoints().anyMatch(c -> c >= 0x80)) {
            throw new WrongException("must be written in ASCII", punycode(text));
        }
        String plain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        List<String> labels = List.of(plain.split("\\.", -1));
        if (plain.length() > MAX_NAME || !labels.stream().allMatch(LABEL::matches)) {
            throw WrongException.was("must be a host name or address", text);
        }
        if (NUMBER.matches(labels.get(labels.size() - 1)) && !isIpv4(labels)) {
            throw WrongException.was("must be an IPv4 address", text);
        }
        return text;
    }

    private static String punycode(String text) {
        try {
            return ", as " + IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isIpv4(List<String> labels) {
        return labels.size() == 4
                && labels.stream().allMatch(label -> OCTET.matches(label) && Integer.parseInt(label) <= 255);
    }

    private static String ipv6(String text) throws WrongException {
        if (!isIpv6(text)) {
            throw WrongException.was("must be an IPv6 address", text);
        }
        return text;
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == 8;
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        int before = head.isEmpty() ? 0 : groups(head);
        int after = tail.isEmpty() ? 0 : groups(tail);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** The number of 16-bit groups; -1000: the text has no such groups. */
    private static int groups(String text) {
        String[] parts = text.split(":", -1);
        int groups = 0;
        for (int i = 0; i < parts.length; i++) {
            if (HEXTET.matches(parts[i])) {
                groups++;
            } else if (i == parts.length - 1 && isIpv4(List.of(parts[i].split("\\.", -1)))) {
                groups += 2;
            } else {
                return -1000;
            }
        }
        return groups;
    }

    /** Whether the host is this machine, so that data sent there does not leave it. */
    public static boolean isLoopback(String host) {
        String plain = host.toLowerCase(Locale.ROOT);
        return plain.equals("localhost")
                || plain.endsWith(".localhost")
                || plain.equals("::1")
                || plain.equals("[::1]")
                || (plain.startsWith("127.") && isIpv4(List.of(plain.split("\\.", -1))));
    }
}
