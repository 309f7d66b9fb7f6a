package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An outage costs only time, and a bad message only itself. */
final class BreakerIT extends DispatchScene {
    private static final int MESSAGES = Integer.getInteger("dispatch.outage.messages", 5_000);
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("dispatch.outage.seconds", 6));
    private static final Duration OPEN_FOR = Duration.ofMillis(200);
    private static final int TOPICS = 500;

    BreakerIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private TestRoute route(String url) {
        return TestRoute.of("r", "app", url).breaker(50, 20, OPEN_FOR);
    }

    private double attempts(DispatcherUnderTest dispatcher) {
        return dispatcher.meter("relay_dispatch_attempt_seconds_count", "app");
    }

    private double state(DispatcherUnderTest dispatcher) {
        return dispatcher.meter("relay_dispatch_breaker_state", "app");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOPIC", "APP"})
    void aDownAddressGetsOnlyProbesAndLaterAllInOrder(Ordering ordering) {
        int port = LoopbackPorts.free();
        DispatcherUnderTest dispatcher = started(settings()
                .route(route("http://127.0.0.1:" + port + "/a")
                        .ordering(ordering)
                        .retry(50)));
        for (int i = 0; i < 600; i++) {
            records.write("app", "r", ordering == Ordering.APP ? "t" : "t/" + i % 200);
        }
        records.flush();
        await().atMost(PATIENCE).until(() -> state(dispatcher) > 0); // of one lane: half open at once
        assertThat(dispatcher.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(dispatcher.get("/health/ready").body())
                .contains("app app, route r: callback http://127.0.0.1:" + port + "/a keeps failing");
        assertThat(dispatcher.get("/health/ready?all").statusCode()).isEqualTo(503);

        double before = attempts(dispatcher);
        long began = System.nanoTime();
        await().atMost(PATIENCE).until(() -> attempts(dispatcher) >= before + 8);
        double made = attempts(dispatcher) - before;
        double elapsed = System.nanoTime() - began;
        int alreadyOut = ordering == Ordering.APP ? 1 : 128;
        assertThat(made).isLessThanOrEqualTo(elapsed / OPEN_FOR.toNanos() + 2 + alreadyOut);
        await().during(OPEN_FOR.multipliedBy(5)).atMost(PATIENCE).until(() -> state(dispatcher) > 0);

        try (CallbackServer back = CallbackServer.start(port)) {
            awaitCommitted("app", 600);
            (ordering == Ordering.APP
                            ? Order.overall(records.sent(), back.deliveries())
                            : Order.perTopic(records.sent(), back.deliveries()))
                    .assertHolds();
            Duplicates.none(back.deliveries()).assertHolds();
            assertThat(back.requests("/a")).hasSize(600);
        }
        assertThat(state(dispatcher)).isZero();
        assertThat(dispatcher.get("/health/ready?all").statusCode()).isEqualTo(200);
        assertThat(dispatcher.meter("relay_dispatch_deliveries_total", "exhausted"))
                .isZero();
    }

    @Test
    void aMessageThatTheCallbackNeverTakesLetsTheNextPass() {
        callback.on(
                "/a",
                exchange -> exchange.answer(
                        exchange.request().bodyText().equals("bad") ? 500 : 200, List.of(), new byte[0]));
        started(settings()
                .route(TestRoute.of("r", "app", callback.url("/a"))
                        .ordering(Ordering.APP)
                        .retry(3)
                        .breaker(1, 1, Duration.ofMillis(100))));
        for (String body : List.of("one", "bad", "two")) {
            records.write(TestRecords.message("app", "r", "t", body.getBytes(StandardCharsets.UTF_8)));
        }
        records.flush();

        ConsumerRecord<byte[], byte[]> letter = dead("app", 1).get(0);
        awaitCommitted("app", 3);
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("retries_exhausted");
        assertThat(header(letter, "relay-attempts")).isEqualTo("4");
        assertThat(bodiesAt("/a")).containsExactly("one", "bad", "bad", "bad", "bad", "two");
    }

    @Test
    void aRetryAfterAndAnOpenBreakerAreBothWaitedFor() {
        callback.on("/a", Answer.inTurn(Answer.status(500), Answer.retryAfter(503, "1"), Answer.status(200)));
        DispatcherUnderTest dispatcher = started(
                settings().route(TestRoute.of("r", "app", callback.url("/a")).breaker(1, 1, Duration.ofMillis(100))));
        records.write("app", "r", "t");
        records.flush();

        callback.await("/a", 2, PATIENCE);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_retry_after", "app") > 0);
        awaitCommitted("app", 1);
        assertThat(dispatcher.meter("relay_dispatch_retry_after", "app")).isZero();
        var requests = callback.requests("/a");
        assertThat(requests)
                .extracting(request -> request.header("relay-attempt"))
                .containsExactly("1", "2", "3");
        assertThat(requests.get(2).atNanos() - requests.get(1).atNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(990).toNanos());
    }

    @Test
    void anOutageUnderLoadCostsTimeAndHardlyAMessage() {
        DispatcherUnderTest dispatcher = started(settings().route(route(callback.url("/a"))));
        for (int i = 0; i < MESSAGES; i++) {
            records.write("app", "r", "t/" + i % TOPICS);
            if (i == MESSAGES / 4) {
                callback.await("/a", MESSAGES / 10, PATIENCE);
                callback.on("/a", Answer.status(503));
            }
        }
        records.flush();
        await().atMost(PATIENCE).until(() -> state(dispatcher) == 2);
        await("the outage itself").during(OUTAGE).atMost(OUTAGE.plus(PATIENCE)).until(() -> state(dispatcher) > 0);
        int before = callback.requests("/a").size();
        callback.on("/a", Answer.status(200));

        await().atMost(PATIENCE.multipliedBy(10)).until(() -> committed("app") == MESSAGES);
        double exhausted = dispatcher.meter("relay_dispatch_deliveries_total", "exhausted");
        System.out.printf(
                "%d messages, %s of outage: %d requests before its end, %d in all, %.0f dead letters%n",
                MESSAGES, OUTAGE, before, callback.requests("/a").size(), exhausted);
        assertThat(exhausted).isLessThan(100);
        Order.perTopic(records.sent(), callback.deliveries()).assertHolds();
        Duplicates.none(callback.deliveries()).assertHolds();
    }
}
