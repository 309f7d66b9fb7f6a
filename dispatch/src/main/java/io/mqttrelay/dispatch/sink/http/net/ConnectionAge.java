package io.mqttrelay.dispatch.sink.http.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Limits the age of connections: a call that finds its connection too old is the last one on it. */
final class ConnectionAge implements Interceptor {
    private final long maxAgeNanos;
    private final LongSupplier nanoTime;
    private final Map<Connection, Long> firstUsed = new WeakHashMap<>();

    ConnectionAge(Duration maxAge, LongSupplier nanoTime) {
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
        return chain.proceed(request);
    }

    private synchronized boolean isOld(Connection connection) {
        long now = nanoTime.getAsLong();
        Long since = firstUsed.putIfAbsent(connection, now);
        return since != null && now - since > maxAgeNanos;
    }
}
