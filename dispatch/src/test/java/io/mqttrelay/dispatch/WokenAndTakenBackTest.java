package io.mqttrelay.dispatch;

import static io.mqttrelay.dispatch.ScriptedPath.unavailable;
import static io.mqttrelay.dispatch.sink.Failures.answered;
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
    }

    private void restingWhenItsAddressChanges() {
        restingAfterAFailure();
        scene.path.change(scene.targets());
    }

    private void takeBack() {
        scene.path.destinations().takeBack(scene.partition.assignment(), scene.key);
    }

    @Test
    void whileItWaitsItIsTakenBack() {
        restingWhenItsAddressChanges();
        takeBack();
        assertThat(scene.partition.open()).isZero();

        scene.timer.advance(BACKOFF);
        assertThat(scene.threads).isEmpty();
        assertThat(scene.sent).containsExactly(List.of("a"));
    }

    @Test
    void waitsNoMoreOnceItsWaitIsOver() {
        restingAfterAFailure();
        assertThat(scene.partition.waiting()).isEqualTo(1);

        scene.timer.advance(BACKOFF);
        assertThat(scene.partition.waiting()).isZero();
        scene.run();
    }

    @Test
    void isTakenBackWhenKafkaRefusesItsTopic() {
        restingAfterAFailure();
        takeBack(); // its app is left; the configuration stays
        scene.partition.takeBack(scene.key);
        assertThat(scene.partition.open()).isZero();

        scene.readAgain(); // the app has returned
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"), List.of("a"));
        assertThat(scene.position()).isEqualTo(1);
    }

    @Test
    void takingBackLeavesACallInFlight() {
        scene.answer(() -> {
            takeBack();
            assertThat(scene.partition.open()).isEqualTo(1);
            return new SinkResult.Accepted(answered(200));
        });
        scene.read("a");
        scene.run();

        assertThat(scene.position()).isEqualTo(1);
    }

    @Test
    void aPartitionThatStaysAfterAllGoesOnWithIt() {
        restingAfterAFailure();
        scene.path.destinations().takeBack(scene.partition.assignment(), scene.key);
        scene.partition.takeBack(scene.key);
        assertThat(scene.partition.open()).isZero();

        scene.readAgain();
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"), List.of("a"));
        assertThat(scene.position()).isEqualTo(1);
    }

    @Test
    void whenItIsOutAgainItStaysOut() {
        restingWhenItsAddressChanges();
        scene.atOnce = true; // the call begins while the timer's task still runs
        scene.answer(() -> {
            takeBack();
            return new SinkResult.Accepted(answered(200));
        });
        scene.timer.advance(BACKOFF);

        assertThat(scene.sent).containsExactly(List.of("a"), List.of("a"));
        assertThat(scene.position()).isEqualTo(1);
    }

    @Test
    void cancelsAWokenDeliveryWithItsPartition() {
        restingWhenItsAddressChanges();
        scene.atOnce = true;
        scene.answer(() -> {
            scene.partition.end();
            scene.path.destinations().withdraw(List.of(scene.partition.assignment()));
            scene.path.destinations().cancelWithdrawn();
            return unavailable(500, null);
        });
        scene.timer.advance(BACKOFF);

        assertThat(scene.cancelled).isPositive();
    }
}
