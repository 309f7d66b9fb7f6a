package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Order;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MQTT topics whose messages fail, beside others of the same address. */
final class BlockedTopicIT extends DispatchScene {
    private static final int FOR_EVER = 1_000_000;
    private static final int GOOD = 600;
    private static final int MANY = 1_200;
    private static final int BAD = 4_000;

    private volatile boolean broken = true;

    BlockedTopicIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @BeforeEach
    void failForTopicsThatAreBad() {
        callback.on("/hook", exchange -> {
            boolean bad = broken && exchange.request().topic().startsWith("bad/");
            exchange.answer(bad ? 404 : 200, List.of(), new byte[0]);
        });
    }

    private TestRoute route() {
        return TestRoute.of("r", "app", callback.url("/hook")).retry(FOR_EVER).backoff(Duration.ofMillis(300));
    }

    private long acceptedOf(String topics) {
        return callback.deliveries().stream()
                .filter(delivery -> delivery.accepted() && delivery.topic().startsWith(topics))
                .count();
    }

    private List<Delivery> accepted() {
        return callback.deliveries().stream().filter(Delivery::accepted).toList();
    }

    @Test
    void othersGoOnAndItGetsEverythingOnceAndInOrder() {
        DispatcherUnderTest dispatcher =
                started(settings().partitions(2).maxBuffered(128 * 1024).route(route()));
        for (int i = 0; i < GOOD; i++) {
            records.write("app", "r", "good/" + (i % 24));
            records.write("app", "r", "bad/0");
        }
        records.flush();

        await().atMost(PATIENCE).until(() -> acceptedOf("good/") == GOOD);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_blocked_topics", "app") == 1);
        assertThat(acceptedOf("bad/")).isZero();
        assertThat(committed("app")).isLessThan(2 * GOOD);
        broken = false;
        awaitCommitted("app", 2 * GOOD);

        Duplicates.none(accepted()).assertHolds();
        Order.perTopic(records.sent(), accepted()).assertHolds();
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_blocked_topics", "app") == 0);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_lag", "app") == 0);
    }

    @Test
    void aRestartRepeatsNothingWhereProgressLiesBesideTheCommit() {
        DispatcherUnderTest first = started(many());
        for (int i = 0; i < MANY; i++) {
            records.write("app", "r", "bad/" + i);
            records.write("app", "r", "good/" + (i % 24));
            records.write("app", "r", "bad/" + i);
        }
        records.flush();
        await().atMost(PATIENCE).until(() -> acceptedOf("good/") == MANY);
        await().atMost(PATIENCE).until(() -> !named().isEmpty());
        first.close();

        DispatcherUnderTest second = started(many());
        for (int i = 0; i < GOOD; i++) {
            records.write("app", "r", "good/" + (i % 24));
        }
        records.flush();
        await().atMost(PATIENCE).until(() -> acceptedOf("good/") == MANY + GOOD);
        Duplicates.none(accepted()).assertHolds();
        broken = false;
        awaitCommitted("app", 3 * MANY + GOOD);

        Duplicates.none(accepted()).assertHolds();
        Order.perTopic(records.sent(), accepted()).assertHolds();
        second.close();
        assertThat(named()).isEmpty();
    }

    private void answerBadTopicsWith503() {
        callback.on("/hook", exchange -> {
            boolean bad = broken && exchange.request().topic().startsWith("bad/");
            exchange.answer(bad ? 503 : 200, List.of(), new byte[0]);
        });
    }

    @Test
    void anOpenBreakerStillReadsBeyondReadyFailingTopics() {
        answerBadTopicsWith503();
        started(settings()
                .partitions(1)
                .route(route().breaker(50, 20, Duration.ofMillis(200)).maxInFlight(2)));
        for (int i = 0; i < BAD; i++) {
            records.write("app", "r", "bad/" + i % 20);
        }
        records.write("app", "r", "good/0");
        records.flush();

        await().atMost(PATIENCE).until(() -> acceptedOf("good/") == 1);
    }

    @Test
    void aRestartFindsTheAcceptedTopicsThoughTheBreakerOpens() {
        answerBadTopicsWith503();
        DispatcherUnderTest first = started(withBreaker());
        for (int i = 0; i < BAD; i++) {
            records.write("app", "r", "bad/" + i % 20);
        }
        records.flush();
        await().atMost(PATIENCE).until(() -> first.meter("relay_dispatch_breaker_state", "app") == 2);
        await().atMost(PATIENCE)
                .until(() -> positions("app").stream()
                        .anyMatch(each -> !each.metadata().isEmpty()));
        first.close();
        for (int i = 0; i < GOOD; i++) {
            records.write("app", "r", "good/" + (i % 24));
        }
        records.flush();

        started(withBreaker());
        await().atMost(PATIENCE).until(() -> acceptedOf("good/") == GOOD);
        broken = false;
        awaitCommitted("app", BAD + GOOD);

        Duplicates.none(accepted()).assertHolds();
        Order.perTopic(records.sent(), accepted()).assertHolds();
    }

    private DispatcherUnderTest.Settings withBreaker() {
        return settings().partitions(1).route(route().breaker(50, 20, Duration.ofMillis(200)));
    }

    private DispatcherUnderTest.Settings many() {
        return settings().partitions(1).maxBuffered(4 << 20).route(route());
    }

    /** Keys of progress records without a tombstone. */
    private Map<String, Integer> named() {
        Map<String, Integer> named = new HashMap<>();
        stored.all(names.progress()).forEach(record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                named.remove(key);
            } else {
                named.put(key, record.value().length);
            }
        });
        return named;
    }
}
