package io.mqttrelay.quickstart;

import io.mqttrelay.common.config.value.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Pattern;

/** Addresses of this machine itself. */
final class Loopback {
    private static final int CONNECT_MILLIS = 500;
    private static final Pattern ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}|::1|\\[::1\\]|localhost");

    private Loopback() {}

    /** Whether a host name or address means this machine, without a DNS lookup. */
    static boolean is(String host) {
        return ADDRESS.matcher(host).matches();
    }

    /** Whether a server accepts connections at this address. */
    static boolean listens(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(address.host()), address.port()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
