package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A message whose MQTT expiry passes while its callback is away is no longer worth a call. */
final class ExpiryIT extends DispatchScene {
    private static final long UNTIL_EXPIRY = 4_000;

    ExpiryIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void expiredMessagesAreDeadWithoutAnotherCall() {
        started(settings().route(TestRoute.of("r", "app", callback.url("/a")).timeout(PATIENCE)));
        long expiresAt = System.currentTimeMillis() + UNTIL_EXPIRY;
        Answer lateFailure = exchange -> {
            await().atMost(PATIENCE).until(() -> System.currentTimeMillis() > expiresAt);
            Answer.status(503).give(exchange);
        };
        callback.on("/a", Answer.first(1, lateFailure, Answer.status(200)));
        write("tried once", expiresAt);
        write("waits behind it", expiresAt);
        records.write(TestRecords.message("app", "r", "t", "never expires".getBytes(StandardCharsets.UTF_8)));
        records.flush();

        List<ConsumerRecord<byte[], byte[]>> letters = dead("app", 2);
        awaitCommitted("app", 3);
        assertThat(letters)
                .extracting(letter -> new String(letter.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("tried once", "waits behind it");
        assertThat(letters)
                .extracting(letter -> header(letter, "relay-dead-reason"))
                .containsOnly("expired");
        assertThat(letters)
                .extracting(letter -> header(letter, "relay-attempts"))
                .containsExactlyInAnyOrder("1", "0");
        assertThat(bodiesAt("/a")).containsExactly("tried once", "never expires");
    }

    private void write(String payload, long expiresAt) {
        records.write(TestRecords.expiring("app", "r", "t", payload.getBytes(StandardCharsets.UTF_8), expiresAt));
    }
}
