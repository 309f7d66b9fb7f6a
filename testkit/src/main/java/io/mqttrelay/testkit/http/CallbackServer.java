package io.mqttrelay.testkit.http;

import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.TestMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A callback for tests: an HTTP/1.1 server on loopback that records every request before it answers. Each path has
 * its own answer; the default is 200. Thread-safe.
 */
public final class CallbackServer implements AutoCloseable {
    private static final int BACKLOG = 200;

    private final ServerSocket serverSocket;
    private final String scheme;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final AtomicInteger epoch = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads;

    private final List<ReceivedRequest> requests = new ArrayList<>(); // guarded by itself, as is the next field
    private final List<Delivery> deliveries = new ArrayList<>();

    private CallbackServer(ServerSocket serverSocket, String scheme) {
        this.serverSocket = serverSocket;
        this.scheme = scheme;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "callback-server-" + serverSocket.getLocalPort());
            thread.setDaemon(true);
            return thread;
        });
        threads.execute(this::accept);
    }

    /** A server on a free port. */
    public static CallbackServer start() {
        return start(LoopbackPorts.free());
    }

    /** A server on this port. */
    public static CallbackServer start(int port) {
        return listen(ServerSocketFactory.getDefault(), port, "http", false);
    }

    /** A server with TLS, on a free port. */
    public static CallbackServer startTls(SSLContext context) {
        return listen(context.getServerSocketFactory(), LoopbackPorts.free(), "https", false);
    }

    /** A server with TLS that asks every client for a certificate. */
    public static CallbackServer startMutualTls(SSLContext context) {
        return listen(context.getServerSocketFactory(), LoopbackPorts.free(), "https", true);
    }

    private static CallbackServer listen(
            ServerSocketFactory factory, int port, String scheme, boolean clientCertificates) {
        try {
            ServerSocket socket = factory.createServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
            if (socket instanceof SSLServerSocket tls) {
                tls.setNeedClientAuth(clientCertificates);
            }
            return new CallbackServer(socket, scheme);
        } catch (IOException e) {
            throw new UncheckedIOException("no callback server on port " + port, e);
        }
    }

    public int port() {
        return serverSocket.getLocalPort();
    }

    /** The address of a path, such as {@code /api/test}. */
    public String url(String path) {
        return scheme + "://127.0.0.1:" + port() + path;
    }

    /** Sets the answer for a path, without regard to the query. */
    public CallbackServer on(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /** Declares that a process was killed: later deliveries may repeat earlier ones. */
    public void declareCrash() {
        epoch.incrementAndGet();
    }

    /** Connections accepted so far. */
    public int connectionCount() {
        return connectionCount.get();
    }

    /** Every request so far, in the order in which they were complete. */
    public List<ReceivedRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Every request of a path so far. */
    public List<ReceivedRequest> requests(String path) {
        return requests().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }

    /** Every attempt so far, in the order in which the requests were complete: the input of the guarantees. */
    public List<Delivery> deliveries() {
        synchronized (requests) {
            return List.copyOf(deliveries);
        }
    }

    /**
     * Waits until a path has received {@code count} requests.
     *
     * @throws AssertionError there were fewer at the end of the time
     */
    public List<ReceivedRequest> await(String path, int count, Duration atMost) {
        return await(path, received -> received.size() >= count, count + " requests", atMost);
    }

    /** Waits until the requests of a path satisfy a condition. */
    public List<ReceivedRequest> await(
            String path, Predicate<List<ReceivedRequest>> wanted, String what, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (requests) {
            while (!wanted.test(requests(path))) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError(url(path) + " had "
                            + requests(path).size() + " requests after " + atMost + ", not " + what);
                }
                waitForRequest(left);
            }
            return requests(path);
        }
    }

    private void waitForRequest(long millis) {
        try {
            requests.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a request", e);
        }
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = serverSocket.accept();
                int number = connectionCount.incrementAndGet();
                connections.add(socket);
                threads.execute(() -> serve(socket, number));
            } catch (IOException e) {
                if (closed.getCount() > 0) {
                    throw new UncheckedIOException("the callback server cannot accept", e);
                }
            }
        }
    }

    private void serve(Socket socket, int connection) {
        try (socket) {
            socket.setTcpNoDelay(true);
            HttpReader reader = new HttpReader(socket.getInputStream());
            for (HttpReader.Request next = reader.next(); next != null; next = reader.next()) {
                ReceivedRequest request = record(next, connection);
                answer(new Exchange(request, socket, closed, status -> recordAnswer(request, status)));
                boolean last = "close".equalsIgnoreCase(request.header("connection"));
                if (socket.isClosed() || last) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // the caller disconnected or the server closes; received requests are recorded
        } finally {
            connections.remove(socket);
        }
    }

    private ReceivedRequest record(HttpReader.Request request, int connection) {
        synchronized (requests) {
            ReceivedRequest received = new ReceivedRequest(
                    requests.size() + 1,
                    connection,
                    request.method(),
                    request.target(),
                    request.headers(),
                    request.body(),
                    epoch.get(),
                    System.nanoTime());
            requests.add(received);
            deliveries.add(delivery(received, false));
            requests.notifyAll();
            return received;
        }
    }

    /** Records the answer before the caller can see it, so that the caller's next action is never recorded first. */
    private void recordAnswer(ReceivedRequest request, int status) {
        synchronized (requests) {
            deliveries.set(request.number() - 1, delivery(request, status / 100 == 2));
        }
    }

    private void answer(Exchange exchange) throws IOException {
        ReceivedRequest request = exchange.request();
        answers.getOrDefault(request.path(), Answer.status(200)).give(exchange);
    }

    private Delivery delivery(ReceivedRequest request, boolean accepted) {
        return new Delivery(
                url(request.path()),
                request.topic(),
                TestMessage.idIn(request.body()),
                request.sha256(),
                accepted,
                request.epoch(),
                System.nanoTime());
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            serverSocket.close();
            for (Socket socket : connections) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
