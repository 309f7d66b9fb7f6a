package io.mqttrelay.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Finds unused ports on loopback for servers. */
public final class LoopbackPorts {
    /**
     * First port, below the range of local ports that Linux and macOS use for outgoing connections. A server that is
     * stopped and started again must find its port free, and a port of that range may meanwhile belong to a client's
     * connection. A client that retries such a port while no server listens can even connect to itself.
     */
    private static final int FIRST = 15_000;

    private static final int COUNT = 15_000;
    private static final int TRIES = 200;

    private LoopbackPorts() {}

    /** A port that was free a moment ago. */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + RandomGenerator.getDefault().nextInt(COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port on loopback after " + TRIES + " tries");
    }

    /** Whether a server could now listen on this port of 127.0.0.1. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // ignores the remains of closed connections
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
