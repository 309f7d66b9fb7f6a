package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A callback gets as many calls a second as configured. */
final class RateLimitIT extends DispatchScene {
    private static final int MESSAGES = 400;
    private static final int RATE = 100;

    RateLimitIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void limitsCallsPerSecondOfOneAddressOnly() {
        started(settings()
                .route(TestRoute.of("r", "app", callback.url("/slow")).rateLimit(RATE))
                .route(TestRoute.of("s", "other", callback.url("/fast"))));
        for (int i = 0; i < MESSAGES; i++) {
            records.write("app", "r", "t/" + i);
            records.write("other", "s", "t/" + i);
        }
        records.flush();

        callback.await("/slow", MESSAGES, PATIENCE);
        awaitCommitted("app", MESSAGES);
        List<Long> times = callback.requests("/slow").stream()
                .map(ReceivedRequest::atNanos)
                .toList();
        int most = 0;
        int first = 0;
        for (int i = 0; i < times.size(); i++) {
            while (times.get(i) - times.get(first) >= Duration.ofSeconds(1).toNanos()) {
                first++;
            }
            most = Math.max(most, i - first + 1);
        }
        assertThat(most).isBetween(RATE / 4, RATE + RATE / 5);
        long took = times.get(times.size() - 1) - times.get(0);
        assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(3800).toNanos());
        assertThat(callback.requests("/fast")).hasSize(MESSAGES);
        long fastTook = callback.requests("/fast").get(MESSAGES - 1).atNanos()
                - callback.requests("/fast").get(0).atNanos();
        assertThat(fastTook).isLessThan(took);
    }
}
