package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import io.mqttrelay.testkit.kafka.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dispatchers that join and leave while calls of one app take long: none is repeated, and no other app waits for them. */
@Execution(ExecutionMode.CONCURRENT) // the tests mostly wait, and share a broker only
final class HandoverIT extends DispatchScene {
    private static final int SLOW_TOPICS = 24;
    private static final int GOOD_TOPICS = 12;
    private static final int WARM_UP = 60;
    private static final Duration P99 = Duration.ofSeconds(2);

    private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    private final TestRecords others;
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();

    HandoverIT(EmbeddedKafka kafka) {
        super(kafka);
        others = new TestRecords(kafka.bootstrapServers(), prefix);
    }

    @AfterEach
    void stop() {
        publisher.shutdownNow();
        others.close();
    }

    private DispatcherUnderTest.Settings settings(Duration call) {
        callback.on("/slow", Answer.after(call, Answer.status(200)));
        return settings()
                .partitions(6)
                .grace(Duration.ofSeconds(30))
                .route(TestRoute.of("slow", "slow", callback.url("/slow")).timeout(Duration.ofSeconds(60)))
                .route(TestRoute.of("good", "good", callback.url("/good")));
    }

    /** Publishes 20 messages a second to the healthy app, once a first call was possible. */
    private void publish() {
        for (int i = 0; i < WARM_UP; i++) {
            others.write("good", "good", "t/" + i % GOOD_TOPICS);
        }
        others.flush();
        callback.await("/good", WARM_UP, PATIENCE);
        int[] count = {0};
        var unused = publisher.scheduleAtFixedRate(
                () -> {
                    TestMessage message = others.write("good", "good", "t/" + count[0]++ % GOOD_TOPICS);
                    sentAt.put(message.id(), System.nanoTime());
                },
                0,
                50,
                TimeUnit.MILLISECONDS);
    }

    private void writeSlow(int count) {
        for (int i = 0; i < count; i++) {
            records.write("slow", "slow", "t/" + i % SLOW_TOPICS);
        }
        records.flush();
    }

    private void assertOthersFeltNothing() throws InterruptedException {
        publisher.shutdown();
        assertThat(publisher.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        others.flush();
        await().atMost(PATIENCE).until(() -> callback.requests("/good").size() >= WARM_UP + sentAt.size());
        List<Long> millis = new ArrayList<>();
        for (ReceivedRequest each : callback.requests("/good")) {
            Long sent = sentAt.get(TestMessage.idIn(each.body()));
            if (sent != null) {
                millis.add(TimeUnit.NANOSECONDS.toMillis(each.atNanos() - sent));
            }
        }
        millis.sort(null);
        assertThat(millis).isNotEmpty();
        System.out.printf(
                "good: %d messages, p50 %d ms, p99 %d ms, max %d ms%n",
                millis.size(),
                millis.get(millis.size() / 2),
                millis.get(millis.size() * 99 / 100),
                millis.get(millis.size() - 1));
        assertThat(millis.get(millis.size() * 99 / 100)).isLessThan(P99.toMillis());
        assertThat(callback.requests("/good")).hasSize(WARM_UP + sentAt.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 25})
    void b13LongCallsAreNotRepeatedWhenADispatcherJoins(int seconds) throws Exception {
        DispatcherUnderTest.Settings settings = settings(Duration.ofSeconds(seconds));
        started(settings);
        publish();
        writeSlow(2 * SLOW_TOPICS);
        callback.await("/slow", SLOW_TOPICS, PATIENCE);
        DispatcherUnderTest second = started(settings);

        await().atMost(Duration.ofSeconds(3L * seconds + 30)).until(() -> committed("slow") == 2 * SLOW_TOPICS);
        assertThat(callback.requests("/slow")).hasSize(2 * SLOW_TOPICS);
        assertOthersFeltNothing();
        assertThat(second.meter("relay_dispatch_deliveries_total", "app_id=\"good\""))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 25})
    void b13LongCallsAreNotRepeatedWhenADispatcherLeaves(int seconds) throws Exception {
        DispatcherUnderTest.Settings settings = settings(Duration.ofSeconds(seconds));
        DispatcherUnderTest first = started(settings);
        started(settings);
        publish();
        writeSlow(2 * SLOW_TOPICS);
        callback.await("/slow", SLOW_TOPICS, PATIENCE);
        first.close();

        await().atMost(Duration.ofSeconds(3L * seconds + 30)).until(() -> committed("slow") == 2 * SLOW_TOPICS);
        assertThat(callback.requests("/slow")).hasSize(2 * SLOW_TOPICS);
        assertOthersFeltNothing();
    }

    @Test
    void b13DeadLettersThatKafkaRefusesDelayNoOtherApp() throws Exception {
        callback.on("/bad", Answer.status(400));
        TestTopics.create(kafka.bootstrapServers(), names.dead("bad"), 1, Map.of("max.message.bytes", "100"));
        DispatcherUnderTest.Settings settings = settings()
                .partitions(6)
                .route(TestRoute.of("bad", "bad", callback.url("/bad")))
                .route(TestRoute.of("good", "good", callback.url("/good")));
        started(settings);
        publish();
        for (int i = 0; i < SLOW_TOPICS; i++) {
            records.write("bad", "bad", "t/" + i);
        }
        records.flush();
        callback.await("/bad", SLOW_TOPICS, PATIENCE);
        callback.await("/good", WARM_UP + 80, PATIENCE); // 4 s: a new letter may delay a revocation for 2 s
        DispatcherUnderTest second = started(settings);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> second.meter("relay_dispatch_deliveries_total", "app_id=\"good\"") > 0);
        assertOthersFeltNothing();
        assertThat(committed("bad")).isZero();
    }

    @Test
    void b13ACallLongerThanTheWaitIsRepeatedAndNoOtherAppWaits() throws Exception {
        DispatcherUnderTest.Settings settings = settings(Duration.ofSeconds(16)).rebalanceWait(Duration.ofSeconds(6));
        started(settings);
        publish();
        writeSlow(SLOW_TOPICS);
        callback.await("/slow", SLOW_TOPICS, PATIENCE);
        started(settings);

        await().atMost(Duration.ofSeconds(60)).until(() -> committed("slow") == SLOW_TOPICS);
        assertThat(callback.requests("/slow").size()).isGreaterThan(SLOW_TOPICS).isLessThanOrEqualTo(2 * SLOW_TOPICS);
        assertOthersFeltNothing();
    }
}
