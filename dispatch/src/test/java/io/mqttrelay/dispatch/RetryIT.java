package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The effect of the callback's answers on a message, and on those after it. */
final class RetryIT extends DispatchScene {
    RetryIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void aFailedAttemptIsRepeatedWithTheSameId() {
        callback.on("/a", Answer.first(2, Answer.status(500), Answer.status(200)));
        started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write("app", "r", "t");
        records.flush();

        List<ReceivedRequest> attempts = callback.await("/a", 3, PATIENCE);
        awaitCommitted("app", 1);
        assertThat(attempts)
                .extracting(ReceivedRequest::id)
                .containsOnly(attempts.get(0).id());
        assertThat(attempts)
                .extracting(request -> request.header("relay-attempt"))
                .containsExactly("1", "2", "3");
        assertThat(callback.requests("/a")).hasSize(3);
    }

    @Test
    void aCondemnedMessageIsDeadAtOnceAndThoseBehindItPass() {
        callback.on(
                "/a",
                exchange -> exchange.answer(
                        exchange.request().bodyText().contains("bad") ? 400 : 200, List.of(), new byte[0]));
        started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write(TestRecords.message("app", "r", "t", "bad".getBytes(StandardCharsets.UTF_8)));
        records.write(TestRecords.message("app", "r", "t", "good".getBytes(StandardCharsets.UTF_8)));
        records.flush();

        ConsumerRecord<byte[], byte[]> letter = dead("app", 1).get(0);
        awaitCommitted("app", 2);
        assertThat(bodiesAt("/a")).containsExactly("bad", "good");
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("bad");
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("rejected");
        assertThat(header(letter, "relay-dead-status")).isEqualTo("400");
        assertThat(header(letter, "relay-attempts")).isEqualTo("1");
        assertThat(header(letter, "relay-address")).isEqualTo(callback.url("/a"));
        assertThat(header(letter, "relay-origin")).startsWith(names.messages("app") + "-");
        assertThat(header(letter, "relay-app-id")).isEqualTo("app");
        assertThat(header(letter, "relay-client-id")).isEqualTo("r");
        assertThat(header(letter, "mqtt-topic")).isEqualTo("t");
        assertThat(Long.parseLong(header(letter, "relay-dead-at")))
                .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(60_000L));
        assertThat(new String(letter.key(), StandardCharsets.UTF_8))
                .isEqualTo(header(letter, "relay-id") + "|" + callback.url("/a"));
        assertThat(letter.timestamp())
                .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(60_000L));
    }

    @Test
    void withoutRetriesTheFirstFailureIsTheLast() {
        callback.on("/a", Answer.status(500));
        started(settings().route(TestRoute.of("r", "app", callback.url("/a")).retry(0)));
        records.write("app", "r", "t");
        records.flush();

        ConsumerRecord<byte[], byte[]> letter = dead("app", 1).get(0);
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("retries_exhausted");
        assertThat(header(letter, "relay-dead-status")).isEqualTo("500");
        assertThat(header(letter, "relay-attempts")).isEqualTo("1");
        awaitCommitted("app", 1);
        assertThat(callback.requests("/a")).hasSize(1);
    }

    @Test
    void anExpiredMessageIsNeverSent() {
        started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        long now = System.currentTimeMillis();
        records.write(TestRecords.expiring("app", "r", "t", "late".getBytes(StandardCharsets.UTF_8), now - 1000));
        records.write(TestRecords.expiring("app", "r", "t", "in time".getBytes(StandardCharsets.UTF_8), now + 60_000));
        records.flush();

        assertThat(header(dead("app", 1).get(0), "relay-dead-reason")).isEqualTo("expired");
        awaitCommitted("app", 2);
        assertThat(bodiesAt("/a")).containsExactly("in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOPIC", "APP"})
    void orderIsKeptThroughRetries(Ordering ordering) {
        callback.on(
                "/a",
                exchange -> exchange.answer(exchange.request().number() % 3 == 0 ? 503 : 200, List.of(), new byte[0]));
        started(settings()
                .route(TestRoute.of("r", "app", callback.url("/a"), callback.url("/b"))
                        .ordering(ordering)
                        .retry(50)
                        .backoff(Duration.ofMillis(5))));
        for (int i = 0; i < 200; i++) {
            // one partition per key: under "app" everything has the key of its app
            records.write("app", "r", ordering == Ordering.APP ? "t" : "t/" + (i % 7));
        }
        records.flush();

        awaitCommitted("app", 200);
        (ordering == Ordering.APP
                        ? Order.overall(records.sent(), callback.deliveries())
                        : Order.perTopic(records.sent(), callback.deliveries()))
                .assertHolds();
        Duplicates.none(callback.deliveries()).assertHolds();
    }

    @Test
    void withoutOrderOneTopicGoesOutInParallel() {
        CountDownLatch eight = new CountDownLatch(8);
        callback.on("/a", exchange -> {
            eight.countDown();
            exchange.await(eight);
            exchange.answer(200, List.of(), new byte[0]);
        });
        started(settings().route(TestRoute.of("r", "app", callback.url("/a")).ordering(Ordering.NONE)));
        for (int i = 0; i < 8; i++) {
            records.write("app", "r", "t");
        }
        records.flush();

        awaitCommitted("app", 8);
        assertThat(callback.requests("/a")).hasSize(8);
    }

    @Test
    void retryAfterLeavesTheAddressAlone() {
        callback.on("/a", Answer.first(1, Answer.retryAfter(429, "1"), Answer.status(200)));
        started(settings().route(TestRoute.of("r", "app", callback.url("/a")).maxInFlight(1)));
        for (int i = 0; i < 5; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();

        awaitCommitted("app", 5);
        List<ReceivedRequest> requests = callback.requests("/a");
        assertThat(requests).hasSize(6);
        assertThat(requests.get(1).atNanos() - requests.get(0).atNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(990).toNanos());
    }
}
