package io.mqttrelay.common.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.mqttrelay.common.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The admin HTTP server: {@code /health/live}, {@code /health/ready}, {@code /metrics} and the pages added with
 * {@link #handle}. It uses the JDK's HTTP server.
 *
 * <p>Liveness is answered even while other connections are slow, see {@link AdminThreads}. An idle connection holds no
 * thread. It is closed after {@link #SLOWEST_REQUEST_SECONDS} if it has sent no request, else after the JDK's idle
 * interval, 30 s by default.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(AdminServer.class);

    private static final int THREADS = 32;

    private static final int SCRAPES = 4;

    /** Time in which a connection must send a complete request. */
    private static final int SLOWEST_REQUEST_SECONDS = 5;

    private static final int SLOWEST_ANSWER_SECONDS = 10;

    /** Open connections; a file descriptor each, of the 65,536 that {@code deploy/} gives a service. */
    private static final int CONNECTIONS = 4096;

    /** Interval between two checks for idle connections. */
    private static final int LOOK_MILLIS = 1000;

    private static final int ACCEPT_QUEUE = 1024;

    private final HttpServer server;
    private final AdminThreads threads;
    private final Semaphore scrapes = new Semaphore(SCRAPES);

    private AdminServer(HttpServer server, AdminThreads threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Binds the port and starts to answer.
     *
     * @param port 0: any free port, see {@link #address()}
     * @throws IOException the address cannot be bound; the message is meant for the operator
     */
    public static AdminServer start(String host, int port, Readiness readiness, Metrics metrics) throws IOException {
        Gauge.builder("relay.ready", readiness, state -> state.reasons().isEmpty() ? 1 : 0)
                .description("1: the process does its job; 0: /health/ready says what is missing")
                .register(metrics.registry());
        Gauge.builder("relay.degraded", readiness, state -> state.degraded().size())
                .description("Parts that do not work while the process serves the others; /health/ready lists them")
                .register(metrics.registry());
        limitSlowClients();
        HttpServer server = bind(host, port);
        AdminThreads threads = new AdminThreads(
                THREADS,
                Counter.builder("relay.admin.evicted")
                        .description(
                                "Connections to the admin port closed because others waited for their slow clients")
                        .register(metrics.registry()));
        server.setExecutor(threads::execute);
        AdminServer admin = new AdminServer(server, threads);
        admin.answer(
                "/",
                exchange -> AdminResponse.problem(404, "no such page: try /health/live, /health/ready or /metrics")
                        .send(exchange));
        admin.page("/health/live", query -> AdminResponse.json(200, "{\"status\":\"live\"}"));
        admin.page("/health/ready", query -> AdminResponse.readiness(readiness, query.contains("all")));
        admin.answer("/metrics", exchange -> admin.scrape(exchange, metrics));
        server.start();
        return admin;
    }

    /**
     * Adds a handler for {@code path} and for every path below it that has no handler of its own. The server's
     * threads call it, several at once. An exception from the handler becomes a 500 response.
     */
    public void handle(String path, HttpHandler handler) {
        if (path.equals("/")) {
            removeRoot();
        }
        answer(path, handler);
    }

    private void answer(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try {
                if (threads.answering()) {
                    handler.handle(exchange);
                }
            } catch (RuntimeException e) {
                log.error(
                        "{} {} failed",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        e);
                if (exchange.getResponseCode() == -1) {
                    AdminResponse.problem(500, "internal error, see the log").send(exchange);
                }
            } finally {
                exchange.close();
            }
        });
    }

    /** The listen address, with the port that was chosen. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private interface Page {
        /** @param query the {@code name=value} pairs behind {@code ?}, as sent */
        AdminResponse answer(List<String> query) throws IOException;
    }

    /** Adds a read-only page that answers exactly at {@code path}. */
    private void page(String path, Page page) {
        answer(path, exchange -> page(path, page, exchange));
    }

    private void page(String path, Page page, HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            AdminResponse.problem(404, "no such page").send(exchange);
        } else if (!isRead(exchange)) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            AdminResponse.problem(405, "only GET and HEAD").send(exchange);
        } else {
            String query = exchange.getRequestURI().getQuery();
            AdminResponse answer = page.answer(query == null ? List.of() : List.of(query.split("&")));
            threads.waits();
            answer.send(exchange);
        }
    }

    /**
     * Limits the number of concurrent scrapes, from reading the first meter to sending the last byte. An answer is
     * megabytes when there are many apps.
     */
    private void scrape(HttpExchange exchange, Metrics metrics) throws IOException {
        threads.waits();
        try {
            scrapes.acquire();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("evicted before its turn");
        }
        try {
            if (threads.answering()) {
                page("/metrics", query -> text(metrics), exchange);
            }
        } finally {
            scrapes.release();
        }
    }

    private static AdminResponse text(Metrics metrics) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        metrics.scrape(text);
        return new AdminResponse(200, Metrics.CONTENT_TYPE, text.toByteArray());
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
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), ACCEPT_QUEUE);
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

    /**
     * The JDK's server reads these values once, and only from system properties. A property that the operator has set
     * is kept.
     */
    private static void limitSlowClients() {
        setDefault("sun.net.httpserver.maxReqTime", SLOWEST_REQUEST_SECONDS);
        setDefault("sun.net.httpserver.maxRspTime", SLOWEST_ANSWER_SECONDS);
        setDefault("sun.net.httpserver.clockTick", LOOK_MILLIS);
        setDefault("jdk.httpserver.maxConnections", CONNECTIONS);
        setDefault("sun.net.httpserver.maxReqHeaders", 100);
    }

    private static void setDefault(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }
}
