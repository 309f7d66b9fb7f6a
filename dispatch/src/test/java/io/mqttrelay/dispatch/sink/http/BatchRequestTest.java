package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several messages in one request, as they arrive. */
class BatchRequestTest {
    private static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpSinks sinks = new HttpSinks(Clock.systemUTC(), "1.2.3", Egress.DEFAULT, Samples.EXECUTORS);
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
        server.enqueue(new MockResponse.Builder().build());
    }

    @AfterEach
    void stop() {
        sinks.close();
        server.close();
    }

    private Destination address(String... secrets) {
        return Samples.address(server.url("/callback").toString(), Map.of(), secrets);
    }

    private static RelayMessage message(String id, String topic, byte[] payload) {
        return Samples.message(id, topic, null, List.of(), payload);
    }

    private static RelayMessage message(String id, String payload) {
        return message(id, "t/" + id, payload.getBytes(StandardCharsets.UTF_8));
    }

    private RecordedRequest sent(Destination address, List<RelayMessage> messages) throws InterruptedException {
        Sink sink = sinks.sink(Samples.batched(address));
        assertThat(sink.call(messages, 2).execute()).isEqualTo(new Accepted(answered(200)));
        return server.takeRequest();
    }

    private static JsonNode json(RecordedRequest request) throws IOException {
        return MAPPER.readTree(request.getBody().toByteArray());
    }

    @Test
    void theBodyIsAnArrayOfTheEnvelopesThatEachWouldHaveAlone() throws Exception {
        List<RelayMessage> messages =
                List.of(message("a", "{\"n\": 1.10}"), message("b", ""), message("c", "t", new byte[] {(byte) 0xFF}));

        byte[] body = sent(address(), messages).getBody().toByteArray();

        BodyFormat envelopes = BodyFormat.of(Samples.formatted(MessageFormat.ENVELOPE, address()));
        List<String> alone = messages.stream()
                .map(message -> new String(envelopes.content(List.of(message)).bytes(), StandardCharsets.UTF_8))
                .toList();
        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("[" + String.join(",", alone) + "]");
    }

    @Test
    void theHeadersSpeakOfTheBatchAndOfNoSingleMessage() throws Exception {
        Headers headers =
                sent(address(), List.of(message("a", "1"), message("b", "2"))).getHeaders();

        assertThat(headers.get("content-type")).isEqualTo("application/json");
        assertThat(headers.get("relay-batch-size")).isEqualTo("2");
        assertThat(headers.get("webhook-id")).isEqualTo("a");
        assertThat(headers.get("relay-app-id")).isEqualTo("app-1");
        assertThat(headers.get("relay-client-id")).isEqualTo("client-1");
        assertThat(headers.get("relay-attempt")).isEqualTo("2");
        assertThat(headers.names()).doesNotContain("relay-topic", "relay-qos", "relay-retain", "relay-received-at");
    }

    @Test
    void aBatchOfOneIsAnArrayToo() throws Exception {
        Destination address = address();
        sinks.sink(Samples.batched(address)).call(message("a", "21.5"), 1).execute();

        RecordedRequest request = server.takeRequest();

        assertThat(request.getHeaders().get("relay-batch-size")).isEqualTo("1");
        JsonNode body = json(request);
        assertThat(body.isArray()).isTrue();
        assertThat(body).hasSize(1);
        assertThat(body.get(0).get("header").get("id").textValue()).isEqualTo("a");
    }

    @Test
    void theSignatureIsOfTheWholeBody() throws Exception {
        RecordedRequest request = sent(address(SECRET), List.of(message("a", "\"ü\""), message("b", "2")));

        HttpHeaders headers = HttpHeaders.of(request.getHeaders().toMultimap(), (name, value) -> true);
        String body = request.getBody().utf8();
        new Webhook(SECRET).verify(body, headers);
        assertThatThrownBy(() -> new Webhook(SECRET).verify(body.replace("2", "3"), headers))
                .hasMessageContaining("signature");
    }

    @Test
    void aRouteWithoutBatchesNeverPutsTwoMessagesIntoARequest() {
        Destination address = address();
        Sink sink = sinks.sink(address);

        sink.call(List.of(message("a", "1"), message("b", "2")), 1).execute();

        assertThat(server.getRequestCount()).isZero();
    }
}
