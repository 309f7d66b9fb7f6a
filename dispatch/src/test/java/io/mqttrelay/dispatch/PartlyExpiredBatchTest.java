package io.mqttrelay.dispatch;

import static io.mqttrelay.dispatch.ScriptedPath.unavailable;
import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch in which some messages expire before it goes out, above all the first, which represents the others. */
final class PartlyExpiredBatchTest {
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final ScriptedPath scene = new ScriptedPath(TestRoute.of("r", "app", "http://host:1/path")
            .backoff(BACKOFF)
            .maxInFlight(2)
            .batch(3, 1_000_000, LINGER)
            .build());

    @AfterEach
    void nothingWasADefectAndNothingIsOut() {
        scene.checkEnd();
    }

    private void readAndSend(String... ids) {
        scene.read(ids);
        scene.timer.advance(LINGER);
        scene.run();
    }

    @Test
    void theOnlyOneLeftIsSentNotTheFirst() {
        readAndSend("expired", "live");

        assertThat(scene.sent).containsExactly(List.of("live"));
        assertThat(scene.dead).containsExactly("expired");
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void theOnlyOneLeftIsRefusedForItself() {
        scene.answer(() -> new SinkResult.Refused(answered(400), "no"));
        readAndSend("expired", "live");

        assertThat(scene.sent).containsExactly(List.of("live"));
        assertThat(scene.dead).containsExactly("expired", "live");
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void theOnlyOneLeftIsTriedAgain() {
        scene.answer(() -> unavailable(500, null));
        readAndSend("expired", "live");
        assertThat(scene.position()).isEqualTo(1);

        scene.timer.advance(BACKOFF);
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("live"), List.of("live"));
        assertThat(scene.dead).containsExactly("expired");
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void expiredMessagesOfABatchAreNotUnloaded() {
        scene.read("other");
        scene.timer.advance(LINGER); // its call is about to begin
        Runnable other = scene.threads.removeFirst();
        scene.answer(() -> {
            scene.answerFirst(() -> unavailable(429, Duration.ofMinutes(1)));
            other.run(); // the address sends Retry-After
            return new SinkResult.Refused(answered(400), "one of them is no good");
        });
        scene.read("expired", "b", "c");
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("b", "c"), List.of("other"));

        scene.path.destinations().unload(scene.partition.assignment(), scene.key);
        assertThat(scene.dead).containsExactly("expired");
        assertThat(scene.partition.open())
                .as("the other waits, the rest is read again")
                .isEqualTo(1);
    }

    @Test
    void aPartitionThatIsLostEndsItsCall() {
        scene.answer(() -> {
            scene.partition.end();
            scene.path.destinations().withdraw(List.of(scene.partition.assignment()));
            scene.path.destinations().cancelWithdrawn();
            return unavailable(500, null);
        });
        readAndSend("expired", "b", "c");

        assertThat(scene.cancelled).isPositive();
        assertThat(scene.sent).containsExactly(List.of("b", "c"));
        scene.timer.advance(BACKOFF);
        assertThat(scene.threads).isEmpty();
    }
}
