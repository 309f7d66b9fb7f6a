package io.mqttrelay.common.config.value;

/**
 * The listen address of a server.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1..65535
 */
public record HostPort(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
