package io.mqttrelay.testkit.net;

import io.mqttrelay.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server on loopback and does to their connections what networks do. A change counts for
 * open connections and for new ones. Safe for any number of threads; each connection has two of its own.
 */
public final class TcpProxy implements AutoCloseable {
    /** Which way data goes. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private static final int BACKLOG = 200;

    private final InetAddress address;
    private final int port;
    private final int serverPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ExecutorService threads;
    private final ProxyTraffic traffic = new ProxyTraffic();
    private volatile @Nullable ServerSocket listening;

    private TcpProxy(InetAddress address, int port, int serverPort) {
        this.address = address;
        this.port = port;
        this.serverPort = serverPort;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "tcp-proxy-" + port);
            thread.setDaemon(true);
            return thread;
        });
        listen();
    }

    /** A proxy on a free port that lets everything pass. */
    public static TcpProxy to(int serverPort) {
        return on(LoopbackPorts.free(), serverPort);
    }

    /** A proxy on a given port. */
    public static TcpProxy on(int port, int serverPort) {
        return on(InetAddress.getLoopbackAddress(), port, serverPort);
    }

    /** A proxy on a given port of another address of this machine's own. */
    public static TcpProxy on(InetAddress address, int port, int serverPort) {
        return new TcpProxy(address, port, serverPort);
    }

    public int port() {
        return port;
    }

    /** Connections taken so far. */
    public int acceptedConnections() {
        return accepted.get();
    }

    /** Everything passes again, at once; what waited in a black hole goes on its way. */
    public synchronized void pass() {
        traffic.clear();
        listen();
    }

    /** New connections are refused; open ones end. */
    public synchronized void refuse() {
        stopListening();
        links.forEach(Link::close);
    }

    /** Nothing moves and nobody is told: open connections stall, new ones are taken and stall. */
    public void blackHole() {
        traffic.hold(EnumSet.allOf(Direction.class));
    }

    /** Nothing moves in this direction, and everything in the other. */
    public void hold(Direction direction) {
        traffic.hold(EnumSet.of(direction));
    }

    /** Whether data waits in that direction because it is held. */
    public boolean waits(Direction direction) {
        return traffic.waits(direction);
    }

    /** Open connections are reset. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /** Every piece of data is this much later. */
    public void latency(Duration oneWay) {
        traffic.latency(oneWay);
    }

    /** Each connection carries no more than this in each direction. */
    public void throttle(int bytesPerSecond) {
        traffic.throttle(bytesPerSecond);
    }

    /** After so many more bytes in both directions and all connections together, every open connection is reset, once. */
    public void cutAfter(long bytes) {
        traffic.cutAfter(bytes);
    }

    /**
     * Of the next piece of data of at least so many bytes that goes this way, one byte in the middle is changed. TCP's own
     * checksum is made anew, as where a bad router or memory is the cause.
     */
    public void corrupt(Direction direction, int atLeast) {
        traffic.corrupt(direction, atLeast);
    }

    /** Bytes changed so far. */
    public int corrupted() {
        return traffic.corrupted();
    }

    private synchronized void listen() {
        if (listening != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket(port, BACKLOG, address);
            listening = socket;
            threads.execute(() -> accept(socket));
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on " + address + " port " + port, e);
        }
    }

    private synchronized void stopListening() {
        ServerSocket socket = listening;
        listening = null;
        closeQuietly(socket);
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                return; // it was closed, which is how it is told to stop
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Link link = new Link(client, server);
            links.add(link);
            threads.execute(() -> pump(link, client, server, Direction.TO_SERVER));
            threads.execute(() -> pump(link, server, client, Direction.TO_CLIENT));
        } catch (IOException e) {
            closeQuietly(client);
        }
    }

    private void pump(Link link, Socket from, Socket to, Direction direction) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (traffic.passes(read, direction, link::isClosed)) {
                    traffic.spoil(buffer, read, direction);
                    out.write(buffer, 0, read);
                    out.flush();
                } else {
                    links.forEach(Link::reset);
                }
            }
            traffic.awaitPassing(direction, link::isClosed); // a black hole swallows goodbyes, too
        } catch (IOException e) {
            // one side ended the connection, and the other is told below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            link.close();
            links.remove(link);
        }
    }

    @Override
    public void close() {
        stopListening();
        links.forEach(Link::close);
        threads.shutdownNow();
    }

    private static void closeQuietly(@Nullable AutoCloseable closeable) {
        if (closeable == null) {
            return;
        }
        try {
            closeable.close();
        } catch (Exception e) {
            return; // a socket that is broken is as good as closed
        }
    }

    private record Link(Socket client, Socket server) {
        void close() {
            closeQuietly(client);
            closeQuietly(server);
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException e) {
                // it is closed already
            }
            close();
        }

        boolean isClosed() {
            return client.isClosed() || server.isClosed();
        }
    }
}
