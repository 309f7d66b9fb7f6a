package io.mqttrelay.common.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.common.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AdminServerTest {
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start("127.0.0.1", 0, readiness, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void aProcessIsLiveWhileAPartIsNotReady() throws Exception {
        readiness.part("kafka", "not connected yet");

        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aProcessIsReadyWhenAllItsPartsAre() throws Exception {
        readiness.part("kafka", "not connected yet").ready();
        readiness.watch("mqtt", () -> null);

        HttpResponse<String> answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void aProcessThatIsNotReadySaysWhy() throws Exception {
        Readiness.Part kafka = readiness.part("kafka", "not connected yet");
        readiness.watch("mqtt \"plant\"", () -> "refused:\nbad password");
        kafka.ready();
        kafka.notReady("gone");

        HttpResponse<String> answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"not ready\",\"reasons\":[{\"part\":\"kafka\",\"reason\":\"gone\"},"
                        + "{\"part\":\"mqtt \\\"plant\\\"\",\"reason\":\"refused:\\nbad password\"}]}");
    }

    @Test
    void aDegradedPartIsListedAndTheProcessStaysReady() throws Exception {
        readiness.degrading("app a").notReady("topic compacted");
        readiness.watchDegrading("mqtt plant", () -> null);
        readiness.watchDegrading(() -> List.of(new Readiness.Reason("partition relay.a-3", "corrupt batch")));

        HttpResponse<String> answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"ready\",\"degraded\":[{\"part\":\"app a\",\"reason\":\"topic compacted\"},"
                        + "{\"part\":\"partition relay.a-3\",\"reason\":\"corrupt batch\"}]}");
        assertThat(get("/metrics").body()).contains("relay_ready 1.0", "relay_degraded 2.0");
    }

    @Test
    void theQueryAllAnswers503ForADegradedPart() throws Exception {
        Readiness.Part app = readiness.degrading("app a");
        assertThat(get("/health/ready?all").statusCode()).isEqualTo(200);

        app.notReady("topic compacted");

        assertThat(get("/health/ready?all").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready?all").body()).startsWith("{\"status\":\"degraded\",\"degraded\":[");
        readiness.forget("app a");
        assertThat(get("/health/ready?all").statusCode()).isEqualTo(200);
    }

    @Test
    void aNeededPartStaysApartFromDegradedOnes() throws Exception {
        readiness.part("kafka", "gone");
        readiness.degrading("app a").notReady("topic compacted");

        HttpResponse<String> answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"not ready\",\"reasons\":[{\"part\":\"kafka\",\"reason\":\"gone\"}],"
                        + "\"degraded\":[{\"part\":\"app a\",\"reason\":\"topic compacted\"}]}");
    }

    @Test
    void aPartThatThrowsHidesNoOther() throws Exception {
        readiness.watch("broken", () -> {
            throw new IllegalStateException("secret detail");
        });
        readiness.watchDegrading(() -> {
            throw new IllegalStateException("secret detail");
        });
        readiness.part("kafka", "gone");

        HttpResponse<String> answer = get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"broken\"", "\"gone\"").doesNotContain("secret detail");
    }

    @Test
    void aThousandDegradedPartsMakeNoEndlessAnswer() throws Exception {
        for (int i = 0; i < 1000; i++) {
            readiness.degrading("app " + i).notReady("away");
        }

        assertThat(get("/health/ready").body())
                .contains("\"app 99\"", "\"more_degraded\":900")
                .doesNotContain("app 100");
    }

    @Test
    void metricsAreServedInPrometheusForm() throws Exception {
        metrics.registry().counter("relay.test", "app_id", "a").increment();

        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).contains("relay_test_total{app_id=\"a\"} 1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/live/x", "/metricsx", "/metrics/", "/%2e%2e/etc/passwd"})
    void anUnknownPathIsA404InJson(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).startsWith("{\"error\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void aMethodThatWouldChangeSomethingIsA405(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/health/ready"))
                .method(method, HttpRequest.BodyPublishers.ofString("x"))
                .build();

        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD");
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/health/live"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();

        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aHandlerMayBeAddedAndItsExceptionsAre500() throws Exception {
        server.handle("/api", exchange -> {
            throw new IllegalStateException("secret detail");
        });

        HttpResponse<String> answer = get("/api/apps");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret detail");
    }

    @Test
    void theHandlerOfTheRootMayBeReplaced() throws Exception {
        server.handle("/", exchange -> exchange.sendResponseHeaders(204, -1));

        assertThat(get("/").statusCode()).isEqualTo(204);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void clientsThatNeverFinishTheirRequestDoNotBlockTheOthers() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.address().getPort());
                socket.getOutputStream()
                        .write("GET /health/live HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }

            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
    }

    @Test
    void aTakenPortIsExplainedInWords() {
        int port = server.address().getPort();

        assertThatThrownBy(() -> AdminServer.start("127.0.0.1", port, readiness, metrics))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + port)
                .hasMessageContaining("admin.ingest_port");
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
