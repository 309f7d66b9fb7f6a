package io.mqttrelay.dispatch.sink.http.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Ends the use of connections. A call that finds its connection too old is the last one on it. So is a call that a server
 * answers in HTTP/1.0 without {@code Connection: keep-alive}, because that server closes the connection.
 */
final class ConnectionReuse implements Interceptor {
    private final long maxAgeNanos;
    private final LongSupplier nanoTime;
    private final Map<Connection, Long> firstUsed = new WeakHashMap<>();

    ConnectionReuse(Duration maxAge, LongSupplier nanoTime) {
        this.maxAgeNanos = maxAge.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Connection connection = chain.connection();
        if (connection != null && isOld(connection)) {
            request = request.newBuilder().header("Connection", "close").build();
        }
        Response response = chain.proceed(request);
        if (connection != null && closesAfter(response)) {
            ConnectionPools.retire(connection);
        }
        return response;
    }

    private static boolean closesAfter(Response response) {
        return response.protocol() == Protocol.HTTP_1_0
                && !"keep-alive".equalsIgnoreCase(response.header("Connection"));
    }

    private synchronized boolean isOld(Connection connection) {
        long now = nanoTime.getAsLong();
        Long since = firstUsed.putIfAbsent(connection, now);
        return since != null && now - since > maxAgeNanos;
    }
}
