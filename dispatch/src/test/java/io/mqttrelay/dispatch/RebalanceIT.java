package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Expectation;
import io.mqttrelay.testkit.guarantee.NoLoss;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/** Partitions that are assigned and revoked while messages are in flight. */
final class RebalanceIT extends DispatchScene {
    private static final Duration CALL = Duration.ofMillis(20);

    RebalanceIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private DispatcherUnderTest.Settings busy() {
        callback.on("/a", Answer.after(CALL, Answer.status(200)));
        return settings()
                .partitions(6)
                .route(TestRoute.of("r", "app", callback.url("/a")).maxInFlight(16));
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            records.write("app", "r", "t/" + (i % 40));
        }
        records.flush();
    }

    private void assertNothingLost() {
        NoLoss.check(records.sent(), callback.deliveries(), List.of(), List.of(Expectation.of(callback.url("/a"), "#")))
                .assertHolds();
    }

    @Test
    void joiningAndLeavingLosesAndRepeatsNothing() {
        started(busy());
        write(600);
        callback.await("/a", 100, PATIENCE);
        DispatcherUnderTest second = started(busy());
        write(600);
        await().atMost(PATIENCE).until(() -> second.meter("relay_dispatch_deliveries_total", "delivered") > 20);
        second.close();
        write(300);

        awaitCommitted("app", 1500);
        assertNothingLost();
        Duplicates.none(callback.deliveries()).assertHolds();
        Order.perTopic(records.sent(), callback.deliveries()).assertHolds();
    }

    @Test
    void aCallThatIsTooSlowForARebalanceIsRepeatedAndNothingElse() {
        callback.on(
                "/slow", Answer.first(6, Answer.after(Duration.ofSeconds(8), Answer.status(200)), Answer.status(200)));
        DispatcherUnderTest.Settings settings = settings()
                .partitions(6)
                .rebalanceWait(Duration.ofSeconds(2))
                .route(TestRoute.of("r", "app", callback.url("/slow")).timeout(Duration.ofSeconds(20)));
        started(settings);
        for (int i = 0; i < 30; i++) {
            records.write("app", "r", "t/" + (i % 6));
        }
        records.flush();
        callback.await("/slow", 6, PATIENCE);
        started(settings);

        awaitCommitted("app", 30);
        NoLoss.check(
                        records.sent(),
                        callback.deliveries(),
                        List.of(),
                        List.of(Expectation.of(callback.url("/slow"), "#")))
                .assertHolds();
        Duplicates.atMost(6, callback.deliveries()).assertHolds();
    }

    @Test
    void aNewPartitionIsReadFromItsBeginning() throws Exception {
        started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write("app", "r", "t");
        records.flush();
        awaitCommitted("app", 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createPartitions(Map.of(names.messages("app"), NewPartitions.increaseTo(4)))
                    .all()
                    .get();
        }
        try (TestRecords later = new TestRecords(kafka.bootstrapServers(), prefix)) { // knows the new partitions
            for (int i = 0; i < 40; i++) {
                later.write("app", "r", "t/" + i);
            }
            later.flush();
        }

        awaitCommitted("app", 41);
        assertThat(callback.requests("/a")).hasSize(41);
        assertThat(positions("app")).hasSize(4);
    }

    @Test
    void aNewGroupStartsAtTheBeginning() {
        TestTopics.create(kafka.bootstrapServers(), names.messages("app"), 6, Map.of());
        write(50);
        started(busy());

        awaitCommitted("app", 50);
        assertNothingLost();
        Duplicates.none(callback.deliveries()).assertHolds();
    }

    @Test
    void commitsSoonAfterDelivery() {
        started(busy());
        write(200);
        callback.await("/a", 200, PATIENCE);

        await().atMost(Duration.ofSeconds(2)).until(() -> committed("app") == 200);
    }
}
