package io.mqttrelay.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Ports on which nobody listens yet, for servers on loopback. */
public final class LoopbackPorts {
    /**
     * Below the range from which Linux and macOS take the local ports of outgoing connections. A server that is stopped
     * and started again must find its port free; one from that range may by then belong to a client's connection, and a
     * client that keeps trying it while nobody listens can even connect to itself.
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

    /** Whether a server could listen on this port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // what a closed connection left behind does not count
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
