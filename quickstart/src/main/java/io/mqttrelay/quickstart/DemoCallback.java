package io.mqttrelay.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A callback that accepts every request and shows it on the screen. */
final class DemoCallback {
    private static final int BACKLOG = 200;
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Screen screen;

    private DemoCallback(HttpServer server, Screen screen) {
        this.server = server;
        this.screen = screen;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "quickstart-callback");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts a callback on loopback.
     *
     * @throws IOException with a message for the user
     */
    static DemoCallback start(int port, Screen screen) throws IOException {
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            DemoCallback callback = new DemoCallback(server, screen);
            server.setExecutor(callback.threads);
            server.createContext("/", callback::take);
            server.start();
            return callback;
        } catch (IOException e) {
            throw new IOException("the demo callback cannot listen on port " + port + " (" + e.getMessage() + ")", e);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String topic = exchange.getRequestHeaders().getFirst("relay-topic");
            screen.arrived(exchange.getRequestURI().getPath(), topic == null ? "" : topic, body);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
