package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How a dispatcher ends. */
final class ShutdownIT extends DispatchScene {
    ShutdownIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void aCallbackThatHangsDoesNotHoldUpTheEnd() {
        callback.on("/a", Answer.hang());
        DispatcherUnderTest dispatcher = started(settings()
                .grace(Duration.ofSeconds(4))
                .route(TestRoute.of("r", "app", callback.url("/a")).timeout(Duration.ofSeconds(60))));
        for (int i = 0; i < 30; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();
        callback.await("/a", 30, PATIENCE);

        long begin = System.nanoTime();
        dispatcher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(committed("app")).isZero();
    }

    @Test
    void aCallThatIsOutIsWaitedForAndItsPositionStored() {
        CountDownLatch open = new CountDownLatch(1);
        callback.on("/a", Answer.heldUntil(open, Answer.status(200)));
        DispatcherUnderTest dispatcher = started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        for (int i = 0; i < 10; i++) {
            records.write("app", "r", "t");
        }
        records.flush();
        callback.await("/a", 1, PATIENCE);

        CompletableFuture<Void> end = CompletableFuture.runAsync(dispatcher::close);
        assertThat(end).isNotDone();
        open.countDown();
        assertThat(end).succeedsWithin(PATIENCE);
        assertThat(committed("app")).isEqualTo(callback.requests("/a").size());
        started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        awaitCommitted("app", 10);
        Duplicates.none(callback.deliveries()).assertHolds();
    }

    @Test
    void aWaitingRetryIsLeftToTheNextDispatcher() {
        callback.on("/a", Answer.first(5, Answer.status(503), Answer.status(200)));
        DispatcherUnderTest dispatcher = started(
                settings().route(TestRoute.of("r", "app", callback.url("/a")).backoff(Duration.ofMinutes(5))));
        for (int i = 0; i < 5; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();
        callback.await("/a", 5, PATIENCE);
        long begin = System.nanoTime();
        dispatcher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));

        started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        awaitCommitted("app", 5);
        assertThat(callback.requests("/a")).hasSize(10);
    }

    @Test
    void deliveriesAfterAnOpenMessageAreNotRepeated() {
        callback.on("/a", Answer.first(1, Answer.status(503), Answer.status(200)));
        DispatcherUnderTest.Settings settings = settings()
                .partitions(1)
                .route(TestRoute.of("r", "app", callback.url("/a"), callback.url("/b"))
                        .backoff(Duration.ofMinutes(5)));
        DispatcherUnderTest dispatcher = started(settings);
        records.write("app", "r", "first");
        records.flush();
        callback.await("/a", 1, PATIENCE); // waits for its retry from now on
        for (int i = 0; i < 50; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();
        callback.await("/a", 51, PATIENCE);
        callback.await("/b", 51, PATIENCE);
        dispatcher.close();
        assertThat(committed("app")).isZero();

        started(settings);
        awaitCommitted("app", 51);
        assertThat(callback.requests("/a")).hasSize(52);
        assertThat(callback.requests("/b")).hasSize(51);
    }
}
