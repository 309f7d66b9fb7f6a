package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.kafka.CorruptedLog;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Bytes of one batch stay corrupt on a broker's disk: its partition stops, every other continues. */
@Execution(ExecutionMode.CONCURRENT) // the tests mostly wait, and share nothing
final class UnreadablePartitionIT {
    private static final Duration PATIENCE = DispatcherUnderTest.PATIENCE;
    private static final int BACKLOG = 3_000;
    private static final int EACH = 50;

    private final EmbeddedKafka kafka = EmbeddedKafka.launch();
    private final CallbackServer callback = CallbackServer.start();
    private final TopicNames names = new TopicNames("d");
    private final TestRecords records = new TestRecords(kafka.bootstrapServers(), "d");

    @AfterEach
    void end() {
        records.close();
        callback.close();
        kafka.close();
    }

    private void topics(String app, int partitions) {
        TestTopics.create(kafka.bootstrapServers(), names.messages(app), partitions, Map.of());
    }

    private void batches(String app, int batches) {
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < EACH; i++) {
                records.write(app, app, "t/" + (i % 5));
            }
            records.flush();
        }
    }

    private DispatcherUnderTest dispatcher() {
        return new DispatcherUnderTest.Settings(kafka.bootstrapServers(), "d")
                .route(TestRoute.of("bad", "bad", callback.url("/bad")))
                .route(TestRoute.of("good", "good", callback.url("/good")))
                .start();
    }

    @Test
    void othersAreReadBesideAPartitionThatCannotBe() {
        topics("bad", 1);
        topics("good", 4);
        batches("bad", 10);
        batches("good", BACKLOG / EACH);
        CorruptedLog corrupted = CorruptedLog.batch(kafka, new TopicPartition(names.messages("bad"), 0), 5);
        try (DispatcherUnderTest dispatcher = dispatcher()) {
            callback.await("/good", BACKLOG, PATIENCE);
            await().atMost(PATIENCE)
                    .until(() -> dispatcher.meter("relay_dispatch_unreadable_partitions", "app_id=\"bad\"") == 1);
            for (int i = 1; i <= 5; i++) {
                records.write("good", "good", "live");
                records.flush();
                callback.await("/good", BACKLOG + i, Duration.ofSeconds(2));
            }
            assertThat(dispatcher.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(callback.requests("/bad").size()).isBetween(1, 5 * EACH);

            corrupted.mend();
            callback.await("/bad", 10 * EACH, Duration.ofSeconds(60));
            await().atMost(PATIENCE)
                    .until(() -> dispatcher.meter("relay_dispatch_unreadable_partitions", "app_id=\"bad\"") == 0);
            assertThat(callback.requests("/good")).hasSize(BACKLOG + 5);
        }
    }

    @Test
    void anAddressThatIsBehindIsReadBesideAPartitionThatCannotBe() {
        topics("bad", 1);
        topics("good", 1);
        batches("bad", 10);
        batches("good", 10);
        callback.on("/bad/slow", Answer.status(503));
        callback.on("/good/slow", Answer.status(503));
        try (DispatcherUnderTest dispatcher = withSlowAddresses()) {
            callback.await("/good", 10 * EACH, PATIENCE);
            callback.await("/bad", 10 * EACH, PATIENCE);
            assertThat(dispatcher.failures()).isEmpty();
        }
        CorruptedLog corrupted = CorruptedLog.batch(kafka, new TopicPartition(names.messages("bad"), 0), 5);
        callback.on("/bad/slow", Answer.status(200));
        callback.on("/good/slow", Answer.status(200));
        try (DispatcherUnderTest dispatcher = withSlowAddresses()) {
            await().atMost(PATIENCE).until(() -> accepted("/good/slow") == 10 * EACH);
            await().atMost(PATIENCE)
                    .until(() -> dispatcher.meter("relay_dispatch_unreadable_partitions", "app_id=\"bad\"") == 1);
            corrupted.mend();
            await().atMost(Duration.ofSeconds(60)).until(() -> accepted("/bad/slow") == 10 * EACH);
        }
    }

    private DispatcherUnderTest withSlowAddresses() {
        return new DispatcherUnderTest.Settings(kafka.bootstrapServers(), "d")
                .maxBuffered(200_000)
                .route(TestRoute.of("bad", "bad", callback.url("/bad"), callback.url("/bad/slow"))
                        .retry(1_000_000))
                .route(TestRoute.of("good", "good", callback.url("/good"), callback.url("/good/slow"))
                        .retry(1_000_000))
                .start();
    }

    private long accepted(String path) {
        return callback.deliveries().stream()
                .filter(each -> each.accepted() && each.address().equals(callback.url(path)))
                .map(Delivery::id)
                .distinct()
                .count();
    }
}
