package io.mqttrelay.sink.grpc;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.dispatch.sink.http.net.GuardedSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.SocketFactory;

/**
 * Makes the sockets of one address: connected within a part of a call's timeout, to IP addresses that the egress policy
 * allows. A new socket beyond {@link #MOST} closes the oldest one, so a server that reads nothing and closes nothing
 * holds a bounded number of threads. Any thread.
 */
final class GrpcSockets extends SocketFactory {
    /** One in use, one whose last calls are ending, one that is being made, and one that may hang. */
    static final int MOST = 4;

    private static final int CONNECTS_IN_A_CALL = 3;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(3);

    private record Made(Socket socket, long atNanos) {}

    private final GuardedSockets guarded;
    private final Duration timeout;
    private final Deque<Made> open = new ArrayDeque<>(); // the newest last; guarded by this
    private boolean closed; // guarded by this

    /** @param timeout of a whole call */
    GrpcSockets(Egress egress, String host, Duration timeout) {
        this.guarded = new GuardedSockets(egress, host);
        this.timeout = timeout;
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        Socket socket = guarded.createSocket();
        admit(socket);
        try {
            socket.connect(new InetSocketAddress(address, port), connectMillis());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private int connectMillis() {
        long millis = Math.min(timeout.toMillis() / CONNECTS_IN_A_CALL, LONGEST_CONNECT.toMillis());
        return (int) Math.max(1, millis); // zero would be no limit
    }

    private synchronized void admit(Socket socket) throws SocketException {
        if (closed) {
            throw new SocketException("closed");
        }
        open.removeIf(made -> made.socket().isClosed());
        while (open.size() >= MOST) {
            close(open.removeFirst().socket());
        }
        open.addLast(new Made(socket, System.nanoTime()));
    }

    /**
     * Closes the newest socket if it is older than half a call's timeout: for a call that timed out while its address
     * was connecting.
     */
    synchronized boolean closeStuck() {
        Made newest = open.peekLast();
        if (newest == null
                || newest.socket().isClosed()
                || System.nanoTime() - newest.atNanos() < timeout.toNanos() / 2) {
            return false;
        }
        close(newest.socket());
        return true;
    }

    /** Closes all sockets, and makes no more. */
    synchronized void close() {
        closed = true;
        open.forEach(made -> close(made.socket()));
        open.clear();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    @Override
    public Socket createSocket(String name, int port) throws IOException {
        throw byAddressOnly();
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress local, int localPort) throws IOException {
        throw byAddressOnly();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        throw byAddressOnly();
    }

    private static SocketException byAddressOnly() {
        return new SocketException("only sockets to an IP address");
    }
}
