package io.mqttrelay.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A server so busy that connections are not even refused: a client gets no answer. */
final class FullBacklog implements AutoCloseable {
    private static final int KNOCKERS = 4;

    private final ServerSocket socket;
    private final List<SocketChannel> before = new ArrayList<>();

    private FullBacklog(ServerSocket socket) throws IOException {
        this.socket = socket;
        for (int i = 0; i < KNOCKERS; i++) {
            SocketChannel knocker = SocketChannel.open();
            before.add(knocker);
            knocker.configureBlocking(false);
            knocker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        }
    }

    static FullBacklog listen() {
        try {
            return new FullBacklog(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens on all addresses of this machine: 127.0.0.1, 127.0.0.2 and so on. */
    static FullBacklog listenEverywhere() {
        try {
            return new FullBacklog(new ServerSocket(0, 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** Frees the port. */
    @Override
    public void close() {
        try {
            for (SocketChannel knocker : before) {
                knocker.close();
            }
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
