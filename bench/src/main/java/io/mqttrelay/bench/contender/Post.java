package io.mqttrelay.bench.contender;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends a call with OkHttp's {@code execute()}. Thread-safe. */
final class Post {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final MediaType JSON = MediaType.get("application/json");

    private final OkHttpClient client;
    private final HttpUrl url;

    Post(Work work) {
        this.client = new OkHttpClient.Builder()
                .callTimeout(TIMEOUT)
                .socketFactory(new PromptSockets())
                .connectionPool(new ConnectionPool(work.inFlight(), 1, TimeUnit.MINUTES))
                .build();
        this.url = HttpUrl.get(work.url());
    }

    /** @throws IllegalStateException the call failed or was not accepted */
    void send(byte[] payload) {
        Request request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(payload, JSON))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IllegalStateException("status " + response.code());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
