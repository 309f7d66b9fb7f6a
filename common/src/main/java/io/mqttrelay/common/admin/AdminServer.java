package io.mqttrelay.common.admin;

import com.sun.net.httpserver.HttpHandler;
import io.mqttrelay.common.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;

/** {@code /health/live}, {@code /health/ready}, {@code /metrics}, and what else {@link #handle} adds. */
public final class AdminServer implements AutoCloseable {
    private final InetSocketAddress address;

    private AdminServer(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * Listens and answers.
     *
     * @param port 0: any free one, see {@link #address()}
     * @throws IOException in words: the address cannot be bound
     */
    public static AdminServer start(String host, int port, Readiness readiness, Metrics metrics) throws IOException {
        return new AdminServer(new InetSocketAddress(host, port));
    }

    /** Adds a handler for {@code path} and everything below it; called on the server's threads. */
    public void handle(String path, HttpHandler handler) {}

    /** Where it listens, with the port that was chosen. */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {}
}
