package io.mqttrelay.dispatch;

import static io.mqttrelay.dispatch.ScriptedPath.unavailable;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Either the timer or the consumer takes a delivery that waits for its retry, never both. */
final class WokenAndTakenBackTest {
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final ScriptedPath scene = new ScriptedPath(
            TestRoute.of("r", "app", "http://host:1/path").backoff(BACKOFF).build());

    @AfterEach
    void nothingWasADefectAndNothingIsOut() {
        scene.checkEnd();
    }

    private void restingAfterAFailure() {
        scene.answer(() -> unavailable(500, null));
        scene.read("a");
        scene.run();
        scene.path.change(scene.targets()); // the address changes
    }

    private void takeBack() {
        scene.path.retire(scene.partition.assignment(), scene.key);
    }

    @Test
    void whileItWaitsItIsTakenBack() {
        restingAfterAFailure();
        takeBack();
        assertThat(scene.partition.open()).isZero();

        scene.timer.advance(BACKOFF);
        assertThat(scene.threads).isEmpty();
        assertThat(scene.sent).containsExactly(List.of("a"));
    }

    @Test
    void aPartitionThatStaysAfterAllGoesOnWithIt() {
        scene.answer(() -> unavailable(500, null));
        scene.read("a");
        scene.run();
        scene.path.drain(scene.partition.assignment(), scene.key);
        scene.partition.takeBack(scene.key);
        assertThat(scene.partition.open()).isZero();

        scene.readAgain();
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"), List.of("a"));
        assertThat(scene.position()).isEqualTo(1);
    }

    @Test
    void whenItIsOutAgainItStaysOut() {
        restingAfterAFailure();
        scene.atOnce = true; // the call begins while the timer's task still runs
        scene.answer(() -> {
            takeBack();
            return new SinkResult.Accepted(200);
        });
        scene.timer.advance(BACKOFF);

        assertThat(scene.sent).containsExactly(List.of("a"), List.of("a"));
        assertThat(scene.position()).isEqualTo(1);
    }

    @Test
    void cancelsAWokenDeliveryWithItsPartition() {
        restingAfterAFailure();
        scene.atOnce = true;
        scene.answer(() -> {
            scene.partition.end();
            scene.path.withdraw(List.of(scene.partition.assignment()));
            scene.path.cancel(List.of(scene.partition.assignment()));
            return unavailable(500, null);
        });
        scene.timer.advance(BACKOFF);

        assertThat(scene.cancelled).isPositive();
    }
}
