package io.mqttrelay.common.egress;

/** One entry of {@code egress.allow} or {@code egress.deny}; {@code toString} gives it as in the file. */
public sealed interface EgressRule permits IpRange, HostPattern {
    /**
     * Whether the rule matches a call.
     *
     * @param host of the URL, as {@link HostPattern#canonical} makes it
     * @param address 4 or 16 bytes
     */
    boolean matches(String host, byte[] address);

    /**
     * Parses an entry: {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 10.1.2.3}, {@code callbacks.example},
     * {@code *.example}.
     *
     * @throws IllegalArgumentException with the reason in its message
     */
    static EgressRule parse(String text) {
        boolean isHost = text.indexOf('/') < 0 && !IpLiteral.looksNumeric(text);
        return isHost ? HostPattern.parse(text) : IpRange.parse(text);
    }
}
