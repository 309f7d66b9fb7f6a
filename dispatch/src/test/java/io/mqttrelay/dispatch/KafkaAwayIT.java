package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Expectation;
import io.mqttrelay.testkit.guarantee.NoLoss;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Kafka is away at the start, and later; with its own broker, since it is stopped. */
final class KafkaAwayIT {
    private static final Duration PATIENCE = DispatcherUnderTest.PATIENCE;

    private final EmbeddedKafka kafka = EmbeddedKafka.launch();
    private final CallbackServer callback = CallbackServer.start();

    @AfterEach
    void end() {
        callback.close();
        kafka.close();
    }

    private DispatcherUnderTest.Settings settings() {
        return new DispatcherUnderTest.Settings(kafka.bootstrapServers(), "d")
                .route(TestRoute.of("r", "app", callback.url("/a")));
    }

    @Test
    void aliveAndNotReadyUntilKafkaAnswers() {
        kafka.stop();
        try (DispatcherUnderTest dispatcher = settings().start()) {
            assertThat(dispatcher.get("/health/ready").body()).contains("Kafka");
            assertThat(dispatcher.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(dispatcher.get("/health/live").statusCode()).isEqualTo(200);

            kafka.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> dispatcher.get("/health/ready?all").statusCode() == 200);
            try (TestRecords records = new TestRecords(kafka.bootstrapServers(), "d")) {
                records.write("app", "r", "t");
                records.flush();
            }
            callback.await("/a", 1, PATIENCE);
        }
    }

    @Test
    void aDispatcherThatNeverFoundKafkaEndsInTime() {
        kafka.stop();
        DispatcherUnderTest dispatcher = settings().grace(Duration.ofSeconds(4)).start();
        await().atMost(PATIENCE).until(() -> dispatcher.get("/health/ready").statusCode() == 503);

        long begin = System.nanoTime();
        dispatcher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aRestartOfKafkaLosesNothing() {
        callback.on("/a", Answer.after(Duration.ofMillis(10), Answer.status(200)));
        try (DispatcherUnderTest dispatcher = settings().start().ready();
                TestRecords records = new TestRecords(kafka.bootstrapServers(), "d")) {
            for (int i = 0; i < 300; i++) {
                records.write("app", "r", "t/" + (i % 5));
            }
            records.flush();
            callback.await("/a", 50, PATIENCE);
            kafka.stop();
            callback.declareCrash();
            kafka.start();
            for (int i = 0; i < 100; i++) {
                records.write("app", "r", "t/" + (i % 5));
            }
            records.flush();

            KafkaRecords stored = new KafkaRecords(kafka.bootstrapServers());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> stored.committed("d").values().stream()
                                    .mapToLong(OffsetAndMetadata::offset)
                                    .sum()
                            == 400);
            NoLoss.check(
                            records.sent(),
                            callback.deliveries(),
                            List.of(),
                            List.of(Expectation.of(callback.url("/a"), "#")))
                    .assertHolds();
            Order.perTopic(records.sent(), callback.deliveries()).assertHolds();
            assertThat(dispatcher.failures()).isEmpty();
        }
    }
}
