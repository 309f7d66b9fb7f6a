package io.mqttrelay.common.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.mqttrelay.common.metrics.Metrics;
import io.mqttrelay.common.thread.CallThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** {@code /health/live}, {@code /health/ready}, {@code /metrics}, and what else {@link #handle} adds. */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(AdminServer.class);

    /** Requests answered at once; each may take {@link #SLOWEST_SECONDS}, so a slow client holds one of these that long. */
    private static final int THREADS = 32;

    private static final int SLOWEST_SECONDS = 10;

    private final HttpServer server;
    private final ExecutorService threads;

    private AdminServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Listens and answers.
     *
     * @param port 0: any free one, see {@link #address()}
     * @throws IOException in words: the address cannot be bound
     */
    public static AdminServer start(String host, int port, Readiness readiness, Metrics metrics) throws IOException {
        Gauge.builder("relay.ready", readiness, state -> state.reasons().isEmpty() ? 1 : 0)
                .description("1: the process does its job; 0: /health/ready says what is missing")
                .register(metrics.registry());
        limitSlowClients();
        HttpServer server = bind(host, port);
        ExecutorService threads = CallThreads.create("admin", THREADS);
        server.setExecutor(threads);
        AdminServer admin = new AdminServer(server, threads);
        admin.handle(
                "/",
                exchange -> Answer.problem(404, "no such page: try /health/live, /health/ready or /metrics")
                        .send(exchange));
        admin.page("/health/live", () -> Answer.json(200, "{\"status\":\"live\"}"));
        admin.page("/health/ready", () -> Answer.readiness(readiness.reasons()));
        admin.page("/metrics", () -> {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            metrics.scrape(text);
            return new Answer(200, Metrics.CONTENT_TYPE, text.toByteArray());
        });
        server.start();
        return admin;
    }

    /**
     * Adds a handler for {@code path} and everything below it that has no handler of its own; called on the server's
     * threads, several at once. What it throws becomes a 500.
     */
    public void handle(String path, HttpHandler handler) {
        if (path.equals("/")) {
            removeRoot();
        }
        server.createContext(path, exchange -> {
            try {
                handler.handle(exchange);
            } catch (RuntimeException e) {
                log.error(
                        "{} {} failed",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        e);
                if (exchange.getResponseCode() == -1) {
                    Answer.problem(500, "internal error, see the log").send(exchange);
                }
            } finally {
                exchange.close();
            }
        });
    }

    /** Where it listens, with the port that was chosen. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private interface Page {
        Answer answer() throws IOException;
    }

    /** A page that is exactly at {@code path} and only read. */
    private void page(String path, Page page) {
        handle(path, exchange -> {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                Answer.problem(404, "no such page").send(exchange);
            } else if (!isRead(exchange)) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                Answer.problem(405, "only GET and HEAD").send(exchange);
            } else {
                page.answer().send(exchange);
            }
        });
    }

    private static boolean isRead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
    }

    private void removeRoot() {
        try {
            server.removeContext("/");
        } catch (IllegalArgumentException e) {
            log.trace("no handler at / yet");
        }
    }

    private static HttpServer bind(String host, int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        } catch (UnknownHostException e) {
            throw new IOException("admin.host: no address for " + host, e);
        } catch (BindException e) {
            throw new IOException(
                    "cannot listen on " + host + ":" + port + " for health and metrics (" + e.getMessage()
                            + "): stop what uses the port, or change admin.host, admin.ingest_port or"
                            + " admin.dispatch_port (0 = any free port)",
                    e);
        }
    }

    /** The JDK's server reads these once, from system properties only; what an operator sets there stays. */
    private static void limitSlowClients() {
        setDefault("sun.net.httpserver.maxReqTime", SLOWEST_SECONDS);
        setDefault("sun.net.httpserver.maxRspTime", SLOWEST_SECONDS);
        setDefault("jdk.httpserver.maxConnections", 4 * THREADS);
        setDefault("sun.net.httpserver.maxReqHeaders", 100);
    }

    private static void setDefault(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }
}
