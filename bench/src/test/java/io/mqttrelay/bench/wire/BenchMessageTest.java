package io.mqttrelay.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchMessageTest {
    private final List<BenchMessage> found = new ArrayList<>();

    private int find(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return BenchMessage.findAll(
                bytes,
                0,
                bytes.length,
                (number, topic, sequence, micros) -> found.add(new BenchMessage(number, topic, sequence, micros)));
    }

    @Test
    void aMessageIsFoundInItsOwnPayload() {
        BenchMessage message = new BenchMessage(1234, 34, 12, 1_700_000_000_000_000L);
        byte[] payload = message.payload(256);

        assertThat(payload).hasSize(256);
        assertThat(find(new String(payload, StandardCharsets.UTF_8))).isEqualTo(1);
        assertThat(found).containsExactly(message);
    }

    @Test
    void everyMessageOfABatchIsFound() {
        String first = new String(new BenchMessage(0, 0, 0, 1).payload(100), StandardCharsets.UTF_8);
        String second = new String(new BenchMessage(7, 3, 1, 2).payload(100), StandardCharsets.UTF_8);

        assertThat(find("[{\"header\": {}, \"body\": " + first + "}, {\"body\": " + second + "}]"))
                .isEqualTo(2);
        assertThat(found).containsExactly(new BenchMessage(0, 0, 0, 1), new BenchMessage(7, 3, 1, 2));
    }

    @Test
    void messagesGoRoundTheTopics() {
        BenchMessage message = BenchMessage.of(2005, 1000);

        assertThat(message.topic()).isEqualTo(5);
        assertThat(message.sequence()).isEqualTo(2);
        assertThat(message.mqttTopic("app")).isEqualTo("app/5");
    }

    @Test
    void aBodyWithoutMessagesHasNone() {
        assertThat(find("{\"other\": 1}")).isZero();
        assertThat(find("")).isZero();
    }
}
