package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Routes and addresses are added, removed and changed while a dispatcher runs; other addresses are not affected. */
final class ReloadIT extends DispatchScene {
    private static final String LOOP = "io.mqttrelay.dispatch.consume.Assignments";

    ReloadIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private static final String CHANGES = "io.mqttrelay.dispatch.reload.AppChanges";

    private static void awaitNotServed(LogLines changes, String path) {
        await().atMost(PATIENCE)
                .until(() ->
                        changes.lines().stream().anyMatch(line -> line.contains(path + " is not served any more")));
    }

    private TestRoute steady() {
        return TestRoute.of("steady", "steady", callback.url("/steady"));
    }

    private void write(String app, int from, int to) {
        IntStream.range(from, to).forEach(i -> records.write(TestRecords.message(app, app, "t/" + i % 3, body(i))));
        records.flush();
    }

    private static byte[] body(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private void awaitAt(String path, int from, int to) {
        callback.await(path, to - from, PATIENCE);
        assertThat(bodiesAt(path)).containsExactlyInAnyOrderElementsOf(numbers(from, to));
    }

    /** Asserts three independent orders. */
    private void assertInOrder(String path) {
        for (int key = 0; key < 3; key++) {
            String topic = "t/" + key;
            assertThat(callback.requests(path).stream()
                            .filter(request -> request.topic().equals(topic))
                            .map(request -> Integer.parseInt(request.bodyText())))
                    .isSorted();
        }
    }

    @Test
    void anAddedAndRemovedAddressAffectsNoOther() {
        DispatcherUnderTest dispatcher = started(settings().route(TestRoute.of("app", "app", callback.url("/a"))));
        try (LogLines assigned = new LogLines(LOOP);
                LogLines changes = new LogLines(CHANGES)) {
            write("app", 0, 30);
            awaitAt("/a", 0, 30);
            awaitCommitted("app", 30);

            dispatcher.reload(TestRoute.of("app", "app", callback.url("/a"), callback.url("/b")));
            write("app", 30, 60);
            awaitAt("/b", 30, 60);
            awaitAt("/a", 0, 60);
            awaitCommitted("app", 60);

            dispatcher.reload(TestRoute.of("app", "app", callback.url("/a")));
            awaitNotServed(changes, "/b");
            write("app", 60, 90);
            awaitAt("/a", 0, 90);
            assertThat(callback.requests("/b")).hasSize(30);

            dispatcher.reload(TestRoute.of("app", "app", callback.url("/a"), callback.url("/b")));
            awaitAt("/b", 30, 90);
            awaitCommitted("app", 90);
            assertInOrder("/b");
            assertInOrder("/a");
            assertThat(callback.requests("/a")).hasSize(90);
            assertThat(assigned.lines()).isEmpty();
        }
    }

    @Test
    void callsInFlightKeepTheirSettings() {
        CountDownLatch answered = new CountDownLatch(1);
        callback.on("/slow", Answer.first(1, Answer.heldUntil(answered, Answer.status(200)), Answer.status(200)));
        DispatcherUnderTest dispatcher = started(settings()
                .partitions(1)
                .route(TestRoute.of("app", "app", callback.url("/slow"), callback.url("/other"))
                        .maxInFlight(1)));
        write("app", 0, 20);
        callback.await("/slow", 1, PATIENCE);
        awaitAt("/other", 0, 20);

        dispatcher.reload(TestRoute.of("app", "app", callback.url("/slow"), callback.url("/other"))
                .format(MessageFormat.CLOUDEVENTS));
        write("app", 20, 40);
        awaitAt("/other", 0, 40);
        assertThat(callback.requests("/slow")).hasSize(1);
        answered.countDown();

        awaitAt("/slow", 0, 40);
        awaitCommitted("app", 40);
        List<ReceivedRequest> slow = callback.requests("/slow");
        assertThat(slow.get(0).header("ce-id")).isNull();
        assertThat(slow.subList(1, 40))
                .allSatisfy(request -> assertThat(request.header("ce-id")).isNotNull());
        assertInOrder("/slow");
        assertThat(callback.requests("/other").subList(20, 40))
                .allSatisfy(request -> assertThat(request.header("ce-id")).isNotNull());
    }

    @Test
    void allMetersFollowALabelThatAReloadChanges() {
        TestRoute alone = TestRoute.of("app", "app", callback.url("/a"));
        DispatcherUnderTest dispatcher = started(settings().route(alone));
        write("app", 0, 30);
        awaitCommitted("app", 30);

        dispatcher.reload(TestRoute.of("app", "app", callback.url("/a"), callback.url("/b")));
        write("app", 30, 60);
        awaitCommitted("app", 60);
        awaitAt("/b", 30, 60);
        String origin = "address=\"http://127.0.0.1:" + callback.port();
        String plain = origin + "\"";
        String digest = origin + "#";
        for (String meter : List.of("relay_dispatch_attempts_total", "relay_dispatch_end_to_end_seconds_count")) {
            assertThat(dispatcher.meter(meter, plain)).as(meter).isEqualTo(30);
            assertThat(dispatcher.meter(meter, digest)).as(meter).isEqualTo(60);
        }
        for (String meter : List.of("relay_dispatch_lag", "relay_dispatch_in_flight", "relay_dispatch_breaker_state")) {
            assertThat(dispatcher.meters())
                    .filteredOn(each -> each.startsWith(meter + "{"))
                    .hasSize(2)
                    .allMatch(each -> each.contains(digest));
        }

        dispatcher.reload(alone);
        write("app", 60, 90);
        awaitAt("/a", 0, 90);
        assertThat(dispatcher.meter("relay_dispatch_attempts_total", plain)).isEqualTo(60);
    }

    @Test
    void aReloadRetriesWaitingMessagesAndKeepsAttempts() {
        callback.on("/down", Answer.first(2, Answer.status(500), Answer.status(200)));
        DispatcherUnderTest dispatcher = started(settings()
                .partitions(1)
                .route(TestRoute.of("app", "app", callback.url("/down")).backoff(Duration.ofMinutes(10))));
        write("app", 0, 2);
        callback.await("/down", 2, PATIENCE);

        dispatcher.reload(TestRoute.of("app", "app", callback.url("/down")).backoff(Duration.ofMillis(10)));
        List<ReceivedRequest> requests = callback.await("/down", 4, PATIENCE);
        assertThat(requests.subList(2, 4))
                .allSatisfy(
                        request -> assertThat(request.header("relay-attempt")).isEqualTo("2"));
        awaitCommitted("app", 2);
    }

    @Test
    void anAddedAndRemovedAppMovesNoOtherPartitions() {
        DispatcherUnderTest dispatcher = started(settings().route(steady()));
        write("steady", 0, 10);
        awaitAt("/steady", 0, 10);
        try (LogLines assigned = new LogLines(LOOP)) {
            dispatcher.reload(steady(), TestRoute.of("late", "late", callback.url("/late")));
            write("steady", 10, 20);
            await().atMost(PATIENCE)
                    .until(() -> assigned.lines().stream().anyMatch(line -> line.contains("6 partitions assigned")));
            write("late", 0, 30);
            awaitAt("/late", 0, 30);
            awaitCommitted("late", 30);

            dispatcher.reload(steady());
            await().atMost(PATIENCE)
                    .until(() -> dispatcher.meters().stream()
                            .noneMatch(meter -> meter.contains("late") && meter.startsWith("relay_dispatch_lag")));
            write("late", 30, 60);
            write("steady", 20, 30);
            awaitAt("/steady", 0, 30);
            assertThat(callback.requests("/late")).hasSize(30);

            dispatcher.reload(steady(), TestRoute.of("late", "late", callback.url("/late")));
            awaitAt("/late", 0, 60);
            awaitCommitted("late", 60);
            assertInOrder("/late");
            assertThat(assigned.lines())
                    .filteredOn(line -> line.contains("partitions assigned"))
                    .containsExactly("INFO 6 partitions assigned", "INFO 6 partitions assigned");
        }
        assertThat(dispatcher.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aDisabledRouteKeepsItsBacklog() {
        DispatcherUnderTest dispatcher =
                started(settings().route(steady()).route(TestRoute.of("app", "app", callback.url("/a"))));
        write("app", 0, 10);
        awaitAt("/a", 0, 10);
        awaitCommitted("app", 10);

        try (LogLines changes = new LogLines(CHANGES)) {
            dispatcher.reload(
                    steady(), TestRoute.of("app", "app", callback.url("/a")).disabled());
            awaitNotServed(changes, "/a");
        }
        write("app", 10, 20);
        write("steady", 0, 10);
        awaitAt("/steady", 0, 10);
        assertThat(callback.requests("/a")).hasSize(10);
        assertThat(committed("app")).isEqualTo(10);

        dispatcher.reload(steady(), TestRoute.of("app", "app", callback.url("/a")));
        awaitAt("/a", 0, 20);
        awaitCommitted("app", 20);
    }

    @Test
    void theLastAppGoesAndAnotherComes() {
        DispatcherUnderTest dispatcher = started(settings().route(steady()));
        write("steady", 0, 5);
        awaitCommitted("steady", 5);

        dispatcher.reload(steady().disabled());
        await().atMost(PATIENCE)
                .until(() -> dispatcher.get("/health/ready").body().contains("no enabled route"));
        await("what nobody measures is not shown")
                .atMost(PATIENCE)
                .until(() -> dispatcher.meters().stream().noneMatch(meter -> meter.startsWith("relay_dispatch_lag")));
        dispatcher.reload(TestRoute.of("late", "late", callback.url("/late")));
        dispatcher.ready();
        write("late", 0, 5);
        awaitAt("/late", 0, 5);
        assertThat(callback.requests("/steady")).hasSize(5);
    }

    @Test
    void changedExcludesApplyToLaterRecords() {
        DispatcherUnderTest dispatcher = started(settings().route(TestRoute.of("app", "app", callback.url("/a"))));
        write("app", 0, 6);
        awaitAt("/a", 0, 6);

        dispatcher.reload(TestRoute.of("app", "app", callback.url("/a")).excluding("t/1"));
        await().atMost(PATIENCE).until(() -> {
            write("app", 6, 12);
            return dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"excluded\"") > 0;
        });
        dispatcher.reload(TestRoute.of("app", "app", callback.url("/a")));
        assertThat(dispatcher.failures()).isEmpty();
    }
}
