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
 * A proxy between a client and a server on loopback that simulates network failures. A change affects open and new
 * connections. Thread-safe; each connection has two threads.
 */
public final class TcpProxy implements AutoCloseable {
    /** The direction of data. */
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

    /** Starts a proxy on a free port that forwards everything. */
    public static TcpProxy to(int serverPort) {
        return on(LoopbackPorts.free(), serverPort);
    }

    /** Starts a proxy on a given port. */
    public static TcpProxy on(int port, int serverPort) {
        return on(InetAddress.getLoopbackAddress(), port, serverPort);
    }

    /** Starts a proxy on a given port of another local address. */
    public static TcpProxy on(InetAddress address, int port, int serverPort) {
        return new TcpProxy(address, port, serverPort);
    }

    public int port() {
        return port;
    }

    /** The number of accepted connections. */
    public int acceptedConnections() {
        return accepted.get();
    }

    /** Forwards everything again, at once; data that waited in a black hole is forwarded too. */
    public synchronized void pass() {
        traffic.clear();
        listen();
    }

    /** Refuses new connections and ends open ones. */
    public synchronized void refuse() {
        stopListening();
        links.forEach(Link::close);
    }

    /** Forwards nothing without ending connections: open ones stall, new ones are accepted and stall. */
    public void blackHole() {
        traffic.hold(EnumSet.allOf(Direction.class));
    }

    /** Forwards nothing in this direction, and everything in the other. */
    public void hold(Direction direction) {
        traffic.hold(EnumSet.of(direction));
    }

    /** Whether data waits in that direction because it is held. */
    public boolean waits(Direction direction) {
        return traffic.waits(direction);
    }

    /** Resets open connections. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /** Delays every piece of data by this time. */
    public void latency(Duration oneWay) {
        traffic.latency(oneWay);
    }

    /** Limits each connection to this rate in each direction. */
    public void throttle(int bytesPerSecond) {
        traffic.throttle(bytesPerSecond);
    }

    /** Resets all open connections, once, after this many more bytes over all connections and both directions. */
    public void cutAfter(long bytes) {
        traffic.cutAfter(bytes);
    }

    /**
     * Changes one byte in the middle of the next piece of data that has at least {@code atLeast} bytes and this
     * direction. TCP's own checksum is correct, as with a faulty router or memory.
     */
    public void corrupt(Direction direction, int atLeast) {
        traffic.corrupt(direction, atLeast);
    }

    /** The number of changed bytes. */
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
                return; // the socket was closed, which stops this thread
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
            traffic.awaitPassing(direction, link::isClosed); // a black hole also holds the end of a connection
        } catch (IOException e) {
            // one side ended the connection; the other side is closed below
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
            return; // a broken socket counts as closed
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
                // closed already
            }
            close();
        }

        boolean isClosed() {
            return client.isClosed() || server.isClosed();
        }
    }
}
