package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An app whose dead topic refuses its dead letters, beside an app with its own dead letters. */
@Tag("every-change")
final class DeadLettersFaultIT extends NeighbourScene {
    private static final int REFUSED = 10_000;
    private static final int LETTERS = 20;
    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void b12TenThousandLettersThatTheDeadTopicRefuses() {
        route("bad", to("/bad"));
        route("other", to("/other"));
        callback.on("/bad", Answer.status(400));
        callback.on("/other", Answer.status(400));
        KafkaAdmin kafka = opened(KafkaAdmin.of(bootstrapServers()));
        kafka.create(deadTopic("bad"), 1, Map.of("cleanup.policy", "compact", "max.message.bytes", "600"));
        ingest().ready();
        RelayService dispatch = dispatch().serving();
        Neighbour neighbour = neighbour("B12");

        Load bad = opened(Load.start(mosquitto.port(), new Load.Shape("bad", 64, 1_000, 1_000)));
        Pause.until(Duration.ofSeconds(30), () -> bad.sent().size() >= REFUSED);
        bad.stop();
        callback.await("/bad", REFUSED, Duration.ofSeconds(60));
        neighbour.begin();
        long slowest = 0;
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            for (int i = 1; i <= LETTERS; i++) {
                int letters = i;
                long begin = System.nanoTime();
                publisher.send("other/1", 1, TestMessage.next().payload());
                Pause.until(
                        Duration.ofSeconds(15),
                        () -> kafka.lastOffsets(deadTopic("other")).values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()
                                >= letters);
                slowest = Math.max(slowest, System.nanoTime() - begin);
            }
        }
        neighbour.feltNothing();
        assertThat(Duration.ofNanos(slowest))
                .as("the slowest of the other app's letters")
                .isLessThan(SOON);

        kafka.configure(deadTopic("bad"), Map.of("max.message.bytes", "1000000"));
        Pause.until(
                Duration.ofSeconds(60),
                () -> dispatch.meter("relay_dispatch_dead_letters_stored_total", "app_id=\"bad\"")
                        >= bad.sent().size());
        assertThat(dispatch.meter("relay_dispatch_dead_letters_stored_total", "app_id=\"bad\""))
                .isEqualTo(bad.sent().size());
    }
}
