package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.provider.EventFormatProvider;
import io.mqttrelay.common.record.RelayMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events in structured mode: exact bodies, and the official SDK gets the bytes of the payload back. */
class StructuredEventTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StructuredFormat format = new StructuredFormat();

    private static RelayMessage message(String topic, String contentType, byte[] payload) {
        return Samples.message(topic, contentType, List.of(), payload);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private CloudEvent read(RelayMessage message) {
        Content content = format.content(message);
        return EventFormatProvider.getInstance().resolveFormat(content.type()).deserialize(content.bytes());
    }

    @Test
    void anEventIsExactlyThis() {
        Content content = format.content(message("a/ü/ b", null, utf8("{ \"n\": 1.10, \"n\": 1e400 }")));
        assertThat(content.type()).isEqualTo("application/cloudevents+json");
        assertThat(new String(content.bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"specversion\":\"1.0\",\"type\":\"mqtt.message\",\"source\":\"mqtt://client-1\","
                        + "\"id\":\"0199-id\",\"time\":\"2026-11-22T09:59:58.500Z\",\"subject\":\"a/ü/ b\","
                        + "\"datacontenttype\":\"application/json\",\"data\":{ \"n\": 1.10, \"n\": 1e400 }}");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, 21.5, application/json, data, 21.5",
                "none, text, application/octet-stream, data, '\"text\"'",
                "text/plain, 21.5, text/plain, data, '\"21.5\"'",
                "text/plain; charset=utf-8, ü, text/plain; charset=utf-8, data, '\"ü\"'",
                "text/plain; charset=gbk, abc, text/plain; charset=gbk, data_base64, '\"YWJj\"'",
                "application/senml+json, [1], application/senml+json, data, [1]",
                "application/json, no JSON, application/json, data_base64, '\"bm8gSlNPTg==\"'",
                "application/cloudevents+json, {}, application/json, data, {}",
                "no type, 1, application/json, data, 1",
            })
    void dataIsWrittenByItsType(String declared, String payload, String type, String member, String value)
            throws IOException {
        JsonNode event = MAPPER.readTree(
                format.content(message("t", declared, utf8(payload))).bytes());
        assertThat(event.get("datacontenttype").textValue()).isEqualTo(type);
        assertThat(event.get(member)).hasToString(value);
        assertThat(event.has("data") && event.has("data_base64")).isFalse();
    }

    @Test
    void anEmptyPayloadIsAnEventWithoutData() throws IOException {
        JsonNode event =
                MAPPER.readTree(format.content(message("t", null, new byte[0])).bytes());
        assertThat(event.has("data")).isFalse();
        assertThat(event.has("data_base64")).isFalse();
        assertThat(event.has("datacontenttype")).isFalse();
    }

    @Test
    void aBatchIsAnArrayOfTheEventsThatEachWouldBeAlone() {
        List<RelayMessage> messages = List.of(message("a", null, utf8("1")), message("b", null, new byte[] {-1}));
        Content batch = new EventBatch().content(messages);
        assertThat(batch.type()).isEqualTo("application/cloudevents-batch+json");
        String first = new String(format.content(messages.get(0)).bytes(), StandardCharsets.UTF_8);
        String second = new String(format.content(messages.get(1)).bytes(), StandardCharsets.UTF_8);
        assertThat(new String(batch.bytes(), StandardCharsets.UTF_8)).isEqualTo("[" + first + "," + second + "]");
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of(
                "application/json", "text/plain", "application/octet-stream", "application/senml+json", "x", "");
    }

    @Property
    void anyBytesComeBackToTheSdk(@ForAll byte[] payload, @ForAll @From("types") String type) throws IOException {
        assertComesBack(payload, type);
    }

    @Property
    void anyTextComesBackToTheSdk(@ForAll String text, @ForAll @From("types") String type) throws IOException {
        assertComesBack(utf8(text), type);
        assertComesBack(MAPPER.writeValueAsBytes(List.of(text, text)), type);
    }

    private void assertComesBack(byte[] payload, String type) throws IOException {
        CloudEvent event = read(message("t", type, payload));
        assertThat(event.getSubject()).isEqualTo("t");
        if (payload.length == 0) {
            assertThat(event.getData()).isNull();
        } else if (event.getDataContentType().endsWith("json") && JsonCheck.isJson(payload)) {
            assertThat(MAPPER.readTree(event.getData().toBytes())).isEqualTo(MAPPER.readTree(payload));
        } else {
            assertThat(event.getData().toBytes()).isEqualTo(payload);
        }
    }
}
