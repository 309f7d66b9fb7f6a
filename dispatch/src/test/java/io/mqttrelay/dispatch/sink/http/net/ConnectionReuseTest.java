package io.mqttrelay.dispatch.sink.http.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.http.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** A busy connection is replaced from time to time. */
class ConnectionReuseTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @Test
    void anOldConnectionIsReplacedSoThatAMovedCallbackIsFound() throws IOException {
        AtomicLong nanos = new AtomicLong();
        try (RawServer server = RawServer.answering(OK)) {
            OkHttpClient client = new OkHttpClient.Builder()
                    .addNetworkInterceptor(new ConnectionReuse(Duration.ofMinutes(5), nanos::get))
                    .build();
            Request request = new Request.Builder().url(server.url()).build();
            for (int minute = 0; minute <= 12; minute++) {
                nanos.set(TimeUnit.MINUTES.toNanos(minute));
                client.newCall(request).execute().close();
            }
            // calls of minutes 0 to 6, 7 to 13
            assertThat(server.connections()).isEqualTo(2);
            client.connectionPool().evictAll();
        }
    }
}
