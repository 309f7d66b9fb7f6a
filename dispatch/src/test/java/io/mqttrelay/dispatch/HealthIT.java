package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The health and the meters of a dispatcher. */
final class HealthIT extends DispatchScene {
    HealthIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void metersHaveTheNamesAndLabelsThatDashboardsRelyOn() {
        callback.on(
                "/some",
                exchange -> exchange.answer(
                        exchange.request().bodyText().equals("bad") ? 400 : 200, List.of(), new byte[0]));
        callback.on("/twice", Answer.first(1, Answer.status(500), Answer.status(200)));
        DispatcherUnderTest dispatcher = started(settings()
                .route(TestRoute.of("r", "app", callback.url("/some?token=secret")))
                .route(TestRoute.of("r2", "app2", callback.url("/twice"))));
        byte[] bad = {'b', 'a', 'd'};
        records.write(TestRecords.message("app", "r", "a/raw/topic", bad));
        records.write(TestRecords.message("app", "r", "a/raw/topic", new byte[1]));
        records.write(TestRecords.message("app2", "r2", "t", new byte[1]));
        records.flush();
        awaitCommitted("app", 2);
        awaitCommitted("app2", 1);

        String address = "address=\"http://127.0.0.1:" + callback.port() + "\"";
        String app = "app_id=\"app\"";
        String metrics = dispatcher.get("/metrics").body();
        assertThat(metrics).doesNotContain("raw/topic").doesNotContain("secret").doesNotContain("/some");
        assertThat(metrics.lines().filter(line -> line.startsWith("relay_dispatch_deliveries_total")))
                .allSatisfy(line -> assertThat(line).contains(address).contains("app_id="));
        for (String outcome : List.of("delivered", "retried", "rejected", "exhausted", "excluded", "expired")) {
            assertThat(metrics).contains("outcome=\"" + outcome + "\"");
        }
        assertThat(dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"delivered\""))
                .isEqualTo(2);
        assertThat(dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"rejected\""))
                .isEqualTo(1);
        assertThat(dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"retried\""))
                .isEqualTo(1);
        assertThat(dispatcher.meter("relay_dispatch_attempt_seconds_count", "")).isEqualTo(4);
        assertThat(dispatcher.meter("relay_dispatch_end_to_end_seconds_count", ""))
                .isEqualTo(2);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_dead_letters", app) == 1);
        assertThat(metrics)
                .contains("relay_dispatch_in_flight{")
                .contains("relay_dispatch_lag{" + address + "," + app)
                .contains("relay_dispatch_oldest_seconds{" + address + "," + app)
                .contains("relay_dispatch_stalled_seconds{" + address + "," + app)
                .contains("relay_dispatch_behind{" + address + "," + app)
                .contains("relay_dispatch_lost_total{" + address + "," + app)
                .contains("relay_dispatch_paused_partitions{" + app);
    }

    @Test
    void lagAgeAndCallsInFlightShowTheBacklog() {
        callback.on("/hangs", Answer.hang());
        DispatcherUnderTest dispatcher = started(settings()
                .grace(java.time.Duration.ofSeconds(2))
                .route(TestRoute.of("r", "app", callback.url("/hangs")).maxInFlight(3)));
        for (int i = 0; i < 10; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();

        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_in_flight", "app") == 3);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_lag", "app") == 10);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_oldest_seconds", "app") > 0.5);
    }

    @Test
    void metersDoNotGrowWithTopics() {
        DispatcherUnderTest dispatcher = started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write("app", "r", "t/0");
        records.flush();
        awaitCommitted("app", 1);
        await("dead letters are counted, some time after the start")
                .atMost(PATIENCE)
                .until(() -> dispatcher.meters().stream()
                        .anyMatch(meter -> meter.startsWith("relay_dispatch_dead_letters{")));
        List<String> meters = dispatcher.meters();

        int topics = 5_000;
        for (int i = 1; i < topics; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();
        awaitCommitted("app", topics);
        assertThat(dispatcher.meters()).isEqualTo(meters);
    }

    @Test
    void itIsReadyAsAMemberOfItsGroupAlsoWithoutAPartition() {
        DispatcherUnderTest.Settings settings =
                settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/a")));
        started(settings);
        assertThat(started(settings).get("/health/live").statusCode()).isEqualTo(200);
    }
}
