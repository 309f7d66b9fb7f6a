package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers that arrive at the callback, byte for byte. */
class RequestHeadersTest {
    private static final String K1 = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1.2.3", Egress.DEFAULT, Samples.EXECUTORS);
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    @AfterEach
    void stop() throws IOException {
        sinks.close();
        server.close();
    }

    private String request(Destination address, RelayMessage message, int attempt) {
        assertThat(sinks.sink(address).call(message, attempt).execute()).isEqualTo(new Accepted(answered(200)));
        assertThat(server.requests()).hasSize(1);
        return server.requests().get(0);
    }

    private Headers headers(Destination address, RelayMessage message) {
        return headers(request(address, message, 1));
    }

    private static Headers headers(String request) {
        Headers.Builder headers = new Headers.Builder();
        request.substring(0, request.indexOf("\r\n\r\n")).lines().skip(1).forEach(headers::add);
        return headers.build();
    }

    @Test
    void aRequestIsExactlyThis() {
        RelayMessage message =
                Samples.message("plant/1/t", null, List.of(), "{\"t\":21.5}".getBytes(StandardCharsets.UTF_8));
        Map<String, Secret> own = new LinkedHashMap<>();
        own.put("X-Tenant", new Secret("blue"));
        String request = request(Samples.address(server.url() + "?a=b%20c#part", own, K1), message, 3);

        String signature = Signatures.of(Samples.address("http://localhost/", Map.of(), K1))
                .sign("0199-id", "1795341600", message.payload());
        assertThat(request.lines().sorted().toList())
                .containsExactlyInAnyOrder(
                        "POST /callback?a=b%20c HTTP/1.1",
                        "Host: 127.0.0.1:" + server.port(),
                        "Connection: Keep-Alive",
                        "Content-Length: 10",
                        "X-Tenant: blue",
                        "user-agent: mqtt-relay/1.2.3",
                        "accept-encoding: identity",
                        "content-type: application/json",
                        "webhook-id: 0199-id",
                        "webhook-timestamp: 1795341600",
                        "webhook-signature: " + signature,
                        "relay-app-id: app-1",
                        "relay-client-id: client-1",
                        "relay-topic: plant/1/t",
                        "relay-qos: 1",
                        "relay-retain: false",
                        "relay-received-at: 2026-11-22T09:59:58.500Z",
                        "relay-attempt: 3",
                        "",
                        "{\"t\":21.5}");
    }

    @Test
    void withoutSecretsThereIsNoSignature() {
        assertThat(headers(Samples.address(server.url()), Samples.message("x")).get("webhook-signature"))
                .isNull();
    }

    @Test
    void theTimestampIsTheAttemptsOwn() {
        var address = Samples.address(server.url());
        var ticking = Clock.tickMillis(java.time.ZoneOffset.UTC);
        long before = ticking.instant().getEpochSecond();
        try (HttpSinks now = new HttpSinks(ticking, "1", Egress.DEFAULT, Samples.EXECUTORS)) {
            now.sink(address).call(Samples.message("x"), 1).execute();
        }
        long sent = Long.parseLong(headers(server.requests().get(0)).get("webhook-timestamp"));
        assertThat(sent).isBetween(before, ticking.instant().getEpochSecond());
    }

    @Test
    void everyCharacterOfATopicArrivesAsOneHeader() {
        StringBuilder topic = new StringBuilder("t/");
        for (char c = 1; c <= 0x180; c++) {
            topic.append(c);
        }
        topic.append("\r\nX-Injected: 1\r\n\r\n \t😀\u2028%41");
        RelayMessage message = Samples.message(
                topic.toString(),
                "text/plain\r\nX-Injected: 2",
                List.of(new UserProperty("X-Injected\r\n", "3\r\n")),
                new byte[] {1});

        Headers headers = headers(Samples.address(server.url()), message);

        assertThat(headers.names()).doesNotContain("X-Injected").hasSize(15);
        String value = headers.get("relay-topic");
        assertThat(value).matches("[\\x21-\\x7E]+");
        assertThat(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8))
                .isEqualTo(topic.toString());
        assertThat(headers.get("content-type")).isEqualTo("application/octet-stream");
    }

    @Test
    void aTopicTooLongForServersIsCutAndSaidToBe() {
        String topic = "€".repeat(21_000);

        Headers headers = headers(Samples.address(server.url()), Samples.message(topic, null, List.of(), new byte[0]));

        String value = headers.get("relay-topic");
        assertThat(value).hasSizeLessThanOrEqualTo(4096).hasSizeGreaterThan(4080);
        assertThat(topic).startsWith(URLDecoder.decode(value, StandardCharsets.UTF_8));
        assertThat(headers.get("relay-truncated")).isEqualTo("relay-topic");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, '{\"a\":1}', application/json",
                "none, 21.5, application/json",
                "none, hello, application/octet-stream",
                "none, '', application/octet-stream",
                "'', '{}', application/json",
                "'  ', x, application/octet-stream",
                "text/plain, '{\"a\":1}', text/plain",
                "'text/plain; charset=utf-8', x, 'text/plain; charset=utf-8'",
                "anything, x, anything",
                "日本, '{}', application/json"
            })
    void theContentTypeIsMqttsOrElseWhatTheBodyIs(String declared, String payload, String expected) {
        RelayMessage message = Samples.message("t", declared, List.of(), payload.getBytes(StandardCharsets.UTF_8));
        assertThat(headers(Samples.address(server.url()), message).get("content-type"))
                .isEqualTo(expected);
    }

    @Test
    void theRelaysHeadersWinOverConfiguredOnes() {
        Map<String, Secret> own = new LinkedHashMap<>();
        for (String name : List.of(
                "Content-Type", "WEBHOOK-ID", "Relay-Topic", "User-Agent", "Content-Length", "Accept-Encoding")) {
            own.put(name, new Secret("77"));
        }
        own.put("Host", new Secret("virtual.example"));

        Headers headers = headers(Samples.address(server.url(), own), Samples.message("{}"));

        assertThat(headers.values("Content-Type")).containsExactly("application/json");
        assertThat(headers.values("webhook-id")).containsExactly("0199-id");
        assertThat(headers.values("content-length")).containsExactly("2");
        assertThat(headers.values("host")).containsExactly("virtual.example");
        List<String> all = new ArrayList<>();
        headers.forEach(header -> all.add(header.getSecond()));
        assertThat(all).doesNotContain("77");
    }

    @ParameterizedTest
    @ValueSource(strings = {"line\r\nbreak", "nul\0", "é"})
    void theErrorForAnIllegalHeaderValueHidesIt(String value) {
        Destination address = Samples.address(server.url(), Map.of("X-Key", new Secret("s3cret" + value)));
        assertThatThrownBy(() -> sinks.sink(address))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessageContaining("X-Key")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aConfiguredNameThatHttpCannotSayIsAnError() {
        Destination address = Samples.address(server.url(), Map.of("X Key", new Secret("v")));
        assertThatThrownBy(() -> sinks.sink(address))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessageContaining("X Key");
    }
}
