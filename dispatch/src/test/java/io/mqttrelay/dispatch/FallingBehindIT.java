package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An address that takes nothing: the deliveries to the others meanwhile, and to it when it is back. */
final class FallingBehindIT extends DispatchScene {
    private static final int MESSAGES = 2_000;
    private static final int TOPICS = 400; // more than may be blocked while an address is down
    private static final int FOR_EVER = 1_000_000;

    FallingBehindIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    /** Memory for a hundredth of the messages, of about 1,500 bytes each. */
    private DispatcherUnderTest.Settings small() {
        return settings().partitions(2).maxBuffered(128 * 1024);
    }

    private TestRoute route(Ordering ordering) {
        return TestRoute.of("r", "app", callback.url("/up"), callback.url("/down"))
                .ordering(ordering)
                .retry(FOR_EVER)
                .backoff(Duration.ofMillis(200));
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            records.write("app", "r", "t/" + (i % TOPICS));
        }
        records.flush();
    }

    private void awaitAll(String path) {
        callback.await(path, MESSAGES, PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void theOthersGoOnAndItGetsEverythingOnceAndInOrder(Ordering ordering) {
        CountDownLatch back = new CountDownLatch(1);
        callback.on("/down", exchange -> exchange.answer(back.getCount() == 0 ? 200 : 503, List.of(), new byte[0]));
        DispatcherUnderTest dispatcher = started(small().route(route(ordering)));
        write(MESSAGES);

        awaitAll("/up");
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_behind", "app") > 0);
        assertThat(committed("app")).isLessThan(MESSAGES / 2);
        back.countDown();
        awaitCommitted("app", MESSAGES);

        assertThat(callback.requests("/up")).hasSize(MESSAGES);
        Duplicates.none(callback.deliveries()).assertHolds();
        if (ordering != Ordering.NONE) {
            Order.perTopic(records.sent(), callback.deliveries()).assertHolds();
        }
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_behind", "app") == 0);
        await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_dispatch_lag", "app") == 0);
    }

    @Test
    void aRestartInBetweenRepeatsNothingAtTheOthers() {
        callback.on("/down", Answer.status(503));
        DispatcherUnderTest first = started(small().route(route(Ordering.TOPIC)));
        write(MESSAGES / 2);
        callback.await("/up", MESSAGES / 2, PATIENCE);
        first.close();
        DispatcherUnderTest second = started(small().route(route(Ordering.TOPIC)));
        write(MESSAGES / 2);
        awaitAll("/up");
        second.close();
        callback.on("/down", Answer.status(200));
        started(small().route(route(Ordering.TOPIC)));

        awaitCommitted("app", MESSAGES);
        assertThat(callback.requests("/up")).hasSize(MESSAGES);
        Duplicates.none(callback.deliveries()).assertHolds();
        Order.perTopic(records.sent(), callback.deliveries()).assertHolds();
    }

    @Test
    void attemptsAreCountedOnThroughRestarts() {
        callback.on("/down", Answer.status(500));
        TestRoute route =
                TestRoute.of("r", "app", callback.url("/down")).retry(5).backoff(Duration.ofMillis(300));
        DispatcherUnderTest first = started(settings().route(route));
        records.write("app", "r", "t");
        records.flush();
        callback.await("/down", 3, PATIENCE);
        first.close();
        started(settings().route(route));

        assertThat(header(dead("app", 1).get(0), "relay-attempts")).isEqualTo("6");
        awaitCommitted("app", 1);
        assertThat(callback.requests("/down"))
                .extracting(request -> request.header("relay-attempt"))
                .containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void anAddressThatIsNewBeginsWhereTheOthersStand() {
        DispatcherUnderTest first =
                started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/up"))));
        write(10);
        awaitCommitted("app", 10);
        first.close();
        started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/up"), callback.url("/new"))));
        write(10);

        awaitCommitted("app", 20);
        assertThat(callback.requests("/up")).hasSize(20);
        assertThat(callback.requests("/new")).hasSize(10);
    }

    @Test
    void keepsTheCursorOfAnUnknownAddress() {
        DispatcherUnderTest.Settings both =
                settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/up"), callback.url("/other")));
        DispatcherUnderTest.Settings one =
                settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/up")));
        DispatcherUnderTest first = started(both);
        write(10);
        awaitCommitted("app", 10);
        first.close();
        DispatcherUnderTest second = started(one);
        write(10);
        callback.await("/up", 20, PATIENCE);
        second.close();
        assertThat(callback.requests("/other")).hasSize(10);
        started(both);

        awaitCommitted("app", 20);
        assertThat(callback.requests("/up")).hasSize(20);
        assertThat(callback.requests("/other")).hasSize(20);
    }
}
