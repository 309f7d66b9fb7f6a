package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.common.record.RelayMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches of payloads without envelopes: as a JSON array, and one a line. */
class PayloadBatchTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final byte[] NO_TEXT = {(byte) 0xFF, 0, '\n'};

    private static List<RelayMessage> messages(String... payloads) {
        return Stream.of(payloads).map(Samples::message).toList();
    }

    private static String body(SeveralFormat format, List<RelayMessage> messages) {
        return new String(format.content(messages).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void anArrayHasTheBytesOfJsonPayloads() {
        SeveralFormat format = new ArrayBatch();
        List<RelayMessage> messages =
                messages("{ \"n\": 1.10,\r\n \"n\": 1e400 }", "18446744073709551616", "no JSON\n");
        assertThat(body(format, messages))
                .isEqualTo("[{ \"n\": 1.10,\r\n \"n\": 1e400 },18446744073709551616,\"no JSON\\n\"]");
        assertThat(format.content(messages).type()).isEqualTo("application/json");
    }

    @Test
    void linesHaveTheBytesOfJsonPayloadsWithoutLineEnds() {
        SeveralFormat format = new LinesBatch();
        List<RelayMessage> messages =
                messages("{ \"n\": 1.10,\r\n \"n\": 1e400 }\n", "18446744073709551616", "no JSON\n", "");
        assertThat(body(format, messages))
                .isEqualTo("{ \"n\": 1.10, \"n\": 1e400 }\n18446744073709551616\n\"no JSON\\n\"\n\"\"\n");
        assertThat(format.content(messages).type()).isEqualTo("application/x-ndjson");
    }

    @ParameterizedTest
    @CsvSource({"21.5, 21.5", "'', '\"\"'", "abc, '\"abc\"'", "'\"\\n\"', '\"\\n\"'"})
    void aBatchOfOneKeepsItsForm(String payload, String value) {
        assertThat(body(new ArrayBatch(), messages(payload))).isEqualTo("[" + value + "]");
        assertThat(body(new LinesBatch(), messages(payload))).isEqualTo(value + "\n");
    }

    @Test
    void bytesThatAreNoTextAreBase64() {
        List<RelayMessage> messages = List.of(Samples.message(NO_TEXT), Samples.message("1"));
        assertThat(body(new ArrayBatch(), messages)).isEqualTo("[\"/wAK\",1]");
        assertThat(body(new LinesBatch(), messages)).isEqualTo("\"/wAK\"\n1\n");
    }

    @Property
    void eachPayloadComesBackFromItsLine(
            @ForAll @Size(min = 1, max = 4) List<byte[]> payloads, @ForAll @Size(max = 4) List<String> texts)
            throws IOException {
        List<byte[]> all = new ArrayList<>(payloads);
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
            all.add(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(List.of(text, 1.5, text)));
        }
        String body = body(new LinesBatch(), all.stream().map(Samples::message).toList());
        assertThat(body).endsWith("\n").doesNotContain("\r");
        String[] lines = body.substring(0, body.length() - 1).split("\n", -1);
        assertThat(lines).hasSize(all.size());
        for (int i = 0; i < lines.length; i++) {
            assertSame(MAPPER.readTree(lines[i]), all.get(i));
        }
        JsonNode array = MAPPER.readTree(
                body(new ArrayBatch(), all.stream().map(Samples::message).toList()));
        assertThat(array).hasSize(all.size());
        for (int i = 0; i < all.size(); i++) {
            assertSame(array.get(i), all.get(i));
        }
    }

    private static void assertSame(JsonNode value, byte[] payload) throws IOException {
        if (JsonCheck.isJson(payload)) {
            assertThat(value).isEqualTo(MAPPER.readTree(payload));
        } else if (PayloadValue.utf8(payload) != null) {
            assertThat(value.textValue()).isEqualTo(PayloadValue.utf8(payload));
        } else {
            assertThat(Base64.getDecoder().decode(value.textValue())).isEqualTo(payload);
        }
    }
}
