package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The envelope contains everything about a message and changes nothing of its payload. */
class EnvelopeTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final EnvelopeFormat format = new EnvelopeFormat("App \"one\"");

    private String text(byte[] payload) {
        return new String(format.content(Samples.message(payload)).bytes(), StandardCharsets.UTF_8);
    }

    private JsonNode tree(byte[] payload) throws IOException {
        return MAPPER.readTree(format.content(Samples.message(payload)).bytes());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anEnvelopeIsExactlyThis() {
        RelayMessage message = Samples.message(
                "a/ü/\n",
                "application/json",
                List.of(new UserProperty("k", "1"), new UserProperty("b", "😀"), new UserProperty("k", "2")),
                utf8("{ \"n\": 1.10, \"n\": 1e400 }"));

        Content content = format.content(message);

        assertThat(content.type()).isEqualTo("application/json");
        assertThat(new String(content.bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"header\":{\"id\":\"0199-id\",\"app_id\":\"app-1\",\"app_name\":\"App \\\"one\\\"\","
                        + "\"client_id\":\"client-1\",\"topic\":\"a/ü/\\n\",\"qos\":1,\"retain\":false,"
                        + "\"received_at\":\"2026-11-22T09:59:58.500Z\",\"content_type\":\"application/json\","
                        + "\"user_properties\":[{\"name\":\"k\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"😀\"},"
                        + "{\"name\":\"k\",\"value\":\"2\"}]},"
                        + "\"body\":{ \"n\": 1.10, \"n\": 1e400 }}");
    }

    @Test
    void missingMqttPropertiesAreNullOrEmpty() throws IOException {
        JsonNode header = tree(utf8("{}")).get("header");
        assertThat(header.get("content_type").isNull()).isTrue();
        assertThat(header.get("user_properties")).isEmpty();
        assertThat(header.has("encoding")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "21.50",
                "-0",
                "12345678901234567890123456789012345678901234567890",
                "\"text\"",
                "[]",
                " \r\n[1,\t2 ] ",
                "{\"a\":{\"b\":[null]}}",
                "\"\\ud800\""
            })
    void jsonIsEmbeddedAsItsBytesAre(String payload) throws IOException {
        assertThat(text(utf8(payload))).endsWith(",\"body\":" + payload + "}");
        assertThat(tree(utf8(payload)).get("header").has("encoding")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "{\"a\":1", "{}{}", "1 2", "01", "NaN", "\uFEFF{}", "nul\0", "tab\t\"quote\"", "😀"
            })
    void otherTextIsAString(String payload) throws IOException {
        JsonNode envelope = tree(utf8(payload));
        assertThat(envelope.get("body").textValue()).isEqualTo(payload);
        assertThat(envelope.get("header").has("encoding")).isFalse();
    }

    @Property
    void anyBytesComeBack(@ForAll byte[] payload) throws IOException {
        JsonNode envelope = tree(payload);
        JsonNode body = envelope.get("body");
        if (envelope.get("header").has("encoding")) {
            assertThat(body.binaryValue()).isEqualTo(payload);
        } else if (JsonCheck.isJson(payload)) {
            assertThat(body).isEqualTo(MAPPER.readTree(payload));
        } else {
            assertThat(utf8(body.textValue())).isEqualTo(payload);
        }
    }

    @Property
    void anyTextComesBack(@ForAll String text) throws IOException {
        String valid = new String(utf8(text), StandardCharsets.UTF_8);
        anyBytesComeBack(utf8(valid));
    }

    @Test
    void bytesThatAreNoTextAreBase64() throws IOException {
        JsonNode envelope = tree(new byte[] {0, (byte) 0xFF, (byte) 0xFE});
        assertThat(envelope.get("header").get("encoding").textValue()).isEqualTo("base64");
        assertThat(envelope.get("body").textValue()).isEqualTo("AP/+");
    }
}
