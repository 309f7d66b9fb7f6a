package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Addresses of one route with settings of their own. */
final class AddressSettingsIT extends DispatchScene {
    AddressSettingsIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private void write(int from, int to) {
        for (int i = from; i < to; i++) {
            byte[] body = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            records.write(TestRecords.message("app", "app", "t/" + i % 3, body));
        }
        records.flush();
    }

    private void awaitAt(String path, int from, int to) {
        callback.await(path, to - from, PATIENCE);
        List<String> expected =
                IntStream.range(from, to).mapToObj(Integer::toString).toList();
        assertThat(bodiesAt(path)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private TestRoute both() {
        return TestRoute.of("app", "app", callback.url("/a"), callback.url("/b"));
    }

    @Test
    void aDisabledAddressKeepsItsBacklogAndDelaysNoOther() {
        DispatcherUnderTest dispatcher = started(settings().route(both().disabled(callback.url("/b"))));
        write(0, 30);
        awaitAt("/a", 0, 30);
        assertThat(callback.requests("/b")).isEmpty();

        dispatcher.reload(both());
        awaitAt("/b", 0, 30);
        awaitCommitted("app", 30);
        dispatcher.reload(both().disabled(callback.url("/b")));
        write(30, 60);
        awaitAt("/a", 0, 60);
        assertThat(callback.requests("/b").size()).isLessThan(60);

        dispatcher.reload(both());
        awaitAt("/b", 0, 60);
        awaitCommitted("app", 60);
    }

    @Test
    void anotherUrlWithTheSameIdGetsTheBacklog() {
        callback.on("/old", Answer.status(503));
        String old = callback.url("/old");
        String next = callback.url("/new");
        DispatcherUnderTest dispatcher = started(settings()
                .route(TestRoute.of("app", "app", callback.url("/a"), old)
                        .id(old, "moving")
                        .backoff(Duration.ofMillis(50))));
        write(0, 20);
        awaitAt("/a", 0, 20);
        await().atMost(PATIENCE).until(() -> !callback.requests("/old").isEmpty());

        dispatcher.reload(TestRoute.of("app", "app", callback.url("/a"), next)
                .id(next, "moving")
                .backoff(Duration.ofMillis(50)));
        awaitAt("/new", 0, 20);
        awaitCommitted("app", 20);
        assertThat(callback.requests("/a")).hasSize(20);
    }

    @Test
    void eachAddressHasItsOwnRetries() {
        callback.on("/a", Answer.status(500));
        callback.on("/b", Answer.status(500));
        started(settings().route(both().retry(callback.url("/a"), 0).retry(callback.url("/b"), 2)));
        write(0, 1);
        awaitCommitted("app", 1);
        assertThat(callback.requests("/a")).hasSize(1);
        assertThat(callback.requests("/b")).hasSize(3);
    }
}
