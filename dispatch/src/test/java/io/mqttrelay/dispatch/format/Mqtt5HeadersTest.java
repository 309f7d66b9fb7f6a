package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RelayMessage;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The properties of MQTT 5 that a request for one message carries as headers. */
class Mqtt5HeadersTest {
    private static RelayMessage message(Long expiresAt, String responseTopic, byte[] correlationData) {
        return new RelayMessage(
                "id",
                "app",
                "client",
                0,
                "t",
                1,
                false,
                null,
                expiresAt,
                responseTopic,
                correlationData,
                List.of(),
                new byte[0]);
    }

    private static Map<String, String> headers(BodyFormat format, RelayMessage message) {
        Map<String, String> headers = new LinkedHashMap<>();
        MessageHeaders all = new MessageHeaders(headers::put);
        format.headers(List.of(message), 1, all);
        all.end();
        return headers;
    }

    @Test
    void eachFormatForOneMessageHasThem() {
        RelayMessage message = message(1_700_000_000_123L, "answers/ü 1", new byte[] {9, 0, -9});
        for (BodyFormat format :
                List.of(new RawFormat(), new EnvelopeFormat("App"), new CloudEventsFormat(), new StructuredFormat())) {
            assertThat(headers(format, message))
                    .containsEntry("relay-response-topic", "answers/%C3%BC%201")
                    .containsEntry("relay-correlation-data", "CQD3")
                    .containsEntry("relay-expires-at", "2023-11-14T22:13:20.123Z")
                    .doesNotContainKey("relay-truncated");
        }
    }

    @Test
    void theyAreAbsentWhereMqttHadNone() {
        assertThat(headers(new RawFormat(), message(null, null, null)))
                .doesNotContainKeys("relay-response-topic", "relay-correlation-data", "relay-expires-at");
    }

    @Test
    void correlationDataOfNoBytesIsAnEmptyHeader() {
        assertThat(headers(new RawFormat(), message(null, null, new byte[0])))
                .containsEntry("relay-correlation-data", "");
    }

    @Test
    void batchesDoNotHaveThem() {
        RelayMessage message = message(1_700_000_000_123L, "answers", new byte[] {1});
        for (BodyFormat format : List.of(
                new EnvelopeBatch(new EnvelopeFormat("App")), new ArrayBatch(), new LinesBatch(), new EventBatch())) {
            assertThat(headers(format, message))
                    .containsEntry("relay-batch-size", "1")
                    .doesNotContainKeys("relay-response-topic", "relay-correlation-data", "relay-expires-at");
        }
    }

    @Test
    void longValuesAreCutAndNamed() {
        Map<String, String> headers = headers(new RawFormat(), message(null, "ü".repeat(171), new byte[385]));
        assertThat(headers.get("relay-response-topic")).isEqualTo("%C3%BC".repeat(170));
        assertThat(Base64.getDecoder().decode(headers.get("relay-correlation-data")))
                .hasSize(384);
        assertThat(headers).containsEntry("relay-truncated", "relay-response-topic relay-correlation-data");
    }

    @Property
    void anyValuesAreLegalHeaders(@ForAll String topic, @ForAll @Size(max = 500) byte[] correlation, @ForAll long at) {
        assertThat(headers(new RawFormat(), message(at, topic, correlation)).values())
                .allSatisfy(value -> assertThat(value).matches("[\\x21-\\x7E ]*"));
    }
}
