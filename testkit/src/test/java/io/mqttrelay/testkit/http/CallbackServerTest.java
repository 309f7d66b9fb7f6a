package io.mqttrelay.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbackServerTest {
    private final CallbackServer server = CallbackServer.start();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void recordsItsRequests() throws Exception {
        assertThat(post("/api?x=1", "hällo").statusCode()).isEqualTo(200);
        ReceivedRequest request = server.requests("/api").get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api?x=1");
        assertThat(request.bodyText()).isEqualTo("hällo");
        assertThat(request.id()).isEqualTo("id-1");
        assertThat(request.topic()).isEqualTo("from/ä%");
        assertThat(request.sha256()).hasSize(64);
    }

    @Test
    void aBodyInChunksIsPutTogether() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url("/chunks")))
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString("a long body")))
                .build();
        client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(server.requests("/chunks").get(0).bodyText()).isEqualTo("a long body");
    }

    @Test
    void answersEachPathAsTold() throws Exception {
        server.on("/busy", Answer.retryAfter(429, "3")).on("/moved", Answer.redirect(302, "/elsewhere"));
        assertThat(post("/busy", "").headers().firstValue("retry-after")).hasValue("3");
        assertThat(post("/moved", "").statusCode()).isEqualTo(302);
        assertThat(post("/other", "").statusCode()).isEqualTo(200);
    }

    @Test
    void answersMayChangeFromOneRequestToTheNext() throws Exception {
        server.on("/flaky", Answer.first(2, Answer.status(500), Answer.status(204)));
        assertThat(post("/flaky", "").statusCode()).isEqualTo(500);
        assertThat(post("/flaky", "").statusCode()).isEqualTo(500);
        assertThat(post("/flaky", "").statusCode()).isEqualTo(204);
        assertThat(server.deliveries()).extracting(Delivery::accepted).containsExactly(false, false, true);
    }

    @Test
    void oneConnectionServesManyRequests() throws Exception {
        post("/a", "1");
        post("/a", "2");
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(server.requests("/a"))
                .extracting(ReceivedRequest::connection)
                .containsOnly(1);
    }

    @Test
    void badAnswersAreBad() {
        server.on("/close", Answer.close())
                .on("/reset", Answer.reset())
                .on("/garbage", Answer.garbage())
                .on("/half", Answer.endInBody(200));
        for (String path : new String[] {"/close", "/reset", "/garbage", "/half"}) {
            assertThatThrownBy(() -> post(path, "")).as(path).isInstanceOf(IOException.class);
            assertThat(server.requests(path)).isNotEmpty();
        }
    }

    @Test
    void slowAnswersAreSlow() {
        server.on("/hang", Answer.hang())
                .on("/head", Answer.hangAfterHeaders(200))
                .on("/drip", Answer.drip(200, Duration.ofMillis(200)))
                .on("/endless", Answer.endless(200));
        for (String path : new String[] {"/hang", "/head", "/drip", "/endless"}) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(request(path, ""), HttpResponse.BodyHandlers.ofString());
            assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
                    .as(path)
                    .isInstanceOf(TimeoutException.class);
            answer.cancel(true);
        }
    }

    @Test
    void aHeldRequestIsAnsweredWhenReleased() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.on("/held", Answer.heldUntil(release, Answer.status(201)));
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request("/held", ""), HttpResponse.BodyHandlers.ofString());
        server.await("/held", 1, Duration.ofSeconds(5));
        assertThat(answer).isNotDone();
        release.countDown();
        assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
    }

    @Test
    void waitingInVainFailsTheTest() {
        assertThatThrownBy(() -> server.await("/nobody", 1, Duration.ofMillis(50)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("0 requests")
                .hasMessageContaining("not 1 requests");
    }

    @Test
    void speaksTlsAndAsksForCertificates(@TempDir Path folder) throws Exception {
        TestCertificates authority = new TestCertificates(folder);
        HttpClient known = HttpClient.newBuilder()
                .sslContext(authority.context(authority.client("device")))
                .build();
        try (CallbackServer tls = CallbackServer.startMutualTls(authority.context(authority.localServer()))) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(tls.url("/"))).build();
            assertThat(known.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.discarding()))
                    .isInstanceOf(SSLException.class);
        }
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(request(path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(server.url(path)))
                .timeout(Duration.ofSeconds(5))
                .header("webhook-id", "id-1")
                .header("relay-topic", "from/%C3%A4%25")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
