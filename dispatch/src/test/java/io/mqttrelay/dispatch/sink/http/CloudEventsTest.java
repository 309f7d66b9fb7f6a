package io.mqttrelay.dispatch.sink.http;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.message.Encoding;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.ReceivedEvent;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.SinkResult.Accepted;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A callback that reads requests with the CloudEvents SDK gets the message. */
class CloudEventsTest {
    private final HttpSinks sinks = new HttpSinks(Samples.CLOCK, "1.2.3", Egress.DEFAULT, Samples.EXECUTORS);
    private final CallbackServer callback = CallbackServer.start();

    @AfterEach
    void stop() {
        sinks.close();
        callback.close();
    }

    private ReceivedRequest received(RelayMessage message, Map<String, Secret> own) {
        Destination address = Samples.address(callback.url("/events"), own);
        assertThat(sinks.sink(Samples.formatted(MessageFormat.CLOUDEVENTS, address))
                        .call(message, 1)
                        .execute())
                .isEqualTo(new Accepted(answered(200)));
        assertThat(callback.requests()).hasSize(1);
        return callback.requests().get(0);
    }

    private static Map<String, String> headers(ReceivedRequest request) {
        return request.headers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().get(0)));
    }

    private CloudEvent event(RelayMessage message) {
        ReceivedRequest request = received(message, Map.of());
        return ReceivedEvent.read(headers(request), request.body());
    }

    private static RelayMessage message(String topic, String contentType, String payload) {
        return Samples.message(topic, contentType, List.of(), payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMessageIsAnEventThatTheSdkReadsAsItIs() {
        ReceivedRequest request = received(message("plant/1/t", null, "{\"t\": 21.50}"), Map.of());

        var reader = ReceivedEvent.reader(headers(request), request.body());

        assertThat(reader.getEncoding()).isEqualTo(Encoding.BINARY);
        CloudEvent event = reader.toEvent();
        assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(event.getType()).isEqualTo("mqtt.message");
        assertThat(event.getSource()).isEqualTo(URI.create("mqtt://client-1"));
        assertThat(event.getSubject()).isEqualTo("plant/1/t");
        assertThat(event.getId()).isEqualTo("0199-id").isEqualTo(request.id());
        assertThat(event.getTime()).isEqualTo(OffsetDateTime.parse("2026-11-22T09:59:58.500Z"));
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getData().toBytes()).asString().isEqualTo("{\"t\": 21.50}");
        assertThat(event.getExtensionNames()).isEmpty();
    }

    @Test
    void theOtherHeadersAreThereToo() {
        ReceivedRequest request = received(message("plant/ü \"1\"", null, ""), Map.of());

        assertThat(request.header("relay-topic")).isEqualTo("plant/%C3%BC%20\"1\"");
        assertThat(request.header("relay-client-id")).isEqualTo("client-1");
        assertThat(request.header("relay-received-at")).isEqualTo("2026-11-22T09:59:58.500Z");
        assertThat(request.header("webhook-timestamp")).isEqualTo("1795341600");
        assertThat(request.header("ce-subject")).isEqualTo("plant/%C3%BC%20%221%22");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", " ", "温度/😀", "100%/%41", "say \"hi\"", "a\\b", "line\r\nce-type: x", "+/+", "nul\u0001"})
    void anyTopicIsTheSubject(String topic) {
        assertThat(event(message(topic, null, "x")).getSubject()).isEqualTo(topic);
    }

    @Test
    void anEmptyPayloadIsAnEventWithoutBytes() {
        ReceivedRequest request = received(message("t", null, ""), Map.of());
        assertThat(request.body()).isEmpty();
        CloudEvent event = ReceivedEvent.read(headers(request), request.body());
        assertThat(event.getId()).isEqualTo("0199-id");
        assertThat(event.getData() == null ? new byte[0] : event.getData().toBytes())
                .isEmpty();
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] payload = {0, (byte) 0xFF, 13, 10, (byte) 0x80};
        CloudEvent event = event(Samples.message("t", null, List.of(), payload));
        assertThat(event.getData().toBytes()).isEqualTo(payload);
        assertThat(event.getDataContentType()).isEqualTo("application/octet-stream");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, 21.5, application/json",
                "none, hello, application/octet-stream",
                "text/plain; charset=utf-8, x, text/plain; charset=utf-8",
                "anything, x, application/octet-stream",
                "日本/x, '{}', application/json",
                "application/cloudevents+json, '{}', application/json",
                "'Application/CloudEvents-Batch+json; a=b', x, application/octet-stream"
            })
    void theContentTypeIsThatOfTheData(String declared, String payload, String expected) {
        CloudEvent event = event(message("t", declared, payload));
        assertThat(event.getDataContentType()).isEqualTo(expected);
        assertThat(event.getData().toBytes()).asString().isEqualTo(payload);
        assertThat(event.getType()).isEqualTo("mqtt.message");
    }

    @Test
    void aConfiguredHeaderMayAddAnAttributeAndReplacesNone() {
        Map<String, Secret> own = Map.of("ce-tenant", new Secret("blue"), "CE-Type", new Secret("other"));
        ReceivedRequest request = received(message("t", null, "1"), own);

        CloudEvent event = ReceivedEvent.read(headers(request), request.body());

        assertThat(event.getExtension("tenant")).isEqualTo("blue");
        assertThat(event.getType()).isEqualTo("mqtt.message");
    }

    @Test
    void aTopicTooLongForServersIsCutTwiceAndSaidToBe() {
        String topic = "€\"".repeat(10_000);
        ReceivedRequest request = received(message(topic, null, "1"), Map.of());

        int size = headers(request).entrySet().stream()
                .mapToInt(header -> header.getKey().length() + header.getValue().length() + 4)
                .sum();
        assertThat(size).isLessThan(8000);
        assertThat(request.header("relay-truncated")).isEqualTo("relay-topic ce-subject");
        String subject = ReceivedEvent.read(headers(request), request.body()).getSubject();
        assertThat(topic).startsWith(subject);
        assertThat(subject).hasSizeGreaterThan(300);
    }
}
