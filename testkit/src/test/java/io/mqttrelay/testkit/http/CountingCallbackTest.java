package io.mqttrelay.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.testkit.guarantee.SequencedMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountingCallbackTest {
    private final List<SequencedMessage> received = new CopyOnWriteArrayList<>();
    private final CountingCallback callback =
            CountingCallback.start(Duration.ofMillis(20), body -> received.add(SequencedMessage.in(body)));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        callback.close();
    }

    private int post(SequencedMessage message, int size) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(callback.url()))
                .timeout(Duration.ofMillis(500))
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.payload(size)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void everyRequestIsToldAndAnsweredLater() throws Exception {
        long begin = System.nanoTime();
        assertThat(post(new SequencedMessage(1, 2), 10)).isEqualTo(200);
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofMillis(20).toNanos());
        assertThat(post(new SequencedMessage(3, 4), 100_000)).isEqualTo(200);

        assertThat(received).containsExactly(new SequencedMessage(1, 2), new SequencedMessage(3, 4));
    }

    @Test
    void countsNothingWhileItHangsOrRefuses() throws Exception {
        callback.hang();
        assertThatThrownBy(() -> post(new SequencedMessage(1, 1), 10)).isInstanceOf(HttpTimeoutException.class);
        callback.refuse();
        assertThatThrownBy(() -> post(new SequencedMessage(1, 2), 10)).isInstanceOf(IOException.class);
        callback.answer();
        assertThat(post(new SequencedMessage(1, 3), 10)).isEqualTo(200);

        assertThat(received).containsExactly(new SequencedMessage(1, 3));
    }
}
