package io.mqttrelay.dispatch.sink.http.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.http.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** When a connection without a call is closed, and which are kept. */
final class ConnectionPoolsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int PATIENCE_SECONDS = 20;

    private final CompletableFuture<Boolean> hungUp = new CompletableFuture<>();

    private RawServer server() throws IOException {
        return new RawServer(exchange -> {
            while (exchange.request()) {
                exchange.write(OK);
            }
            hungUp.complete(true);
        });
    }

    private static void call(OkHttpClient client, RawServer server) throws IOException {
        Request request = new Request.Builder().url(server.url()).build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("ok");
        }
    }

    private static ConnectionPools pools(Duration idle) {
        return new ConnectionPools(idle, Samples.EXECUTORS.timer("connections"));
    }

    private static OkHttpClient client(ConnectionPool pool) {
        return new OkHttpClient.Builder().connectionPool(pool).build();
    }

    @Test
    void aConnectionWithoutACallIsClosed() throws Exception {
        try (RawServer server = server();
                ConnectionPools pools = pools(SHORT)) {
            ConnectionPool pool = pools.pool(10);
            call(client(pool), server);
            assertThat(hungUp.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(pool.connectionCount()).isZero();
        }
    }

    @Test
    void aConnectionIsKeptAsLongAsItIsNotIdleForTooLong() throws Exception {
        try (RawServer server = server();
                ConnectionPools pools = pools(LONG);
                ConnectionPools impatient = pools(SHORT)) {
            ConnectionPool pool = pools.pool(10);
            call(client(pool), server);
            call(client(impatient.pool(10)), server);
            assertThat(hungUp.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue(); // the other pools' thread has looked

            call(client(pool), server);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionIsNotClosedUnderItsCall() throws Exception {
        try (RawServer other = server();
                ConnectionPools pools = pools(SHORT);
                RawServer slow = new RawServer(exchange -> {
                    exchange.request();
                    hungUp.join(); // for as long as it takes the idle one beside it
                    exchange.write(OK);
                })) {
            call(client(pools.pool(10)), other);
            call(client(pools.pool(10)), slow);
        }
    }

    @Test
    void closesIdleConnectionsOnClose() throws Exception {
        try (RawServer server = server()) {
            try (ConnectionPools pools = pools(LONG)) {
                call(client(pools.pool(10)), server);
                assertThat(hungUp).isNotDone();
            }
            assertThat(hungUp.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
