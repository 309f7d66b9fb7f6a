package io.mqttrelay.dispatch;

import static io.mqttrelay.dispatch.ScriptedPath.unavailable;
import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dead letter that Kafka does not store delays neither a revocation nor its lane for long. */
final class UnstoredDeadLetterTest {
    private static final Duration LONGEST_STORE = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration LINGER = Duration.ofMillis(20);

    private ScriptedPath scene = scene(Ordering.TOPIC);

    private static TestRoute route(Ordering ordering) {
        return TestRoute.of("r", "app", "http://host:1/path").ordering(ordering);
    }

    private static ScriptedPath scene(Ordering ordering) {
        return new ScriptedPath(route(ordering).build());
    }

    @AfterEach
    void nothingWasADefectAndNothingIsOut() {
        scene.checkEnd();
    }

    private void refuse(String id) {
        scene.storesLetters = false;
        scene.answer(() -> new SinkResult.Refused(answered(400), "no"));
        scene.read(id);
        scene.run();
        assertThat(scene.dead).containsExactly(id);
    }

    private void store() {
        scene.unstored.removeFirst().run();
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void delaysARevocationForTwoSecondsAtMost(Ordering ordering) {
        scene = scene(ordering);
        refuse("a");
        scene.timer.advance(LONGEST_STORE.minus(MOMENT));
        assertThat(scene.partition.isQuiet()).isFalse();

        scene.timer.advance(MOMENT);
        assertThat(scene.partition.isQuiet()).isTrue();
        assertThat(scene.position()).as("the next owner repeats it").isZero();
    }

    @Test
    void aStoredOneDelaysNoRevocation() {
        refuse("a");
        store();
        assertThat(scene.partition.isQuiet()).isTrue();
        assertThat(scene.position()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void whenItIsStoredLateCallsInFlightStillDelayARevocation(Ordering ordering) {
        scene = scene(ordering);
        refuse("a");
        scene.timer.advance(LONGEST_STORE);
        scene.answer(() -> {
            store();
            assertThat(scene.partition.isQuiet()).isFalse();
            return new SinkResult.Accepted(answered(200));
        });
        scene.read("b");
        scene.run();

        assertThat(scene.sent).containsExactly(List.of("a"), List.of("b"));
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void whenItIsStoredInTimeTheTimerEndsNothingElse() {
        refuse("a");
        store();
        scene.answer(() -> {
            scene.timer.advance(LONGEST_STORE);
            assertThat(scene.partition.isQuiet()).isFalse();
            return new SinkResult.Accepted(answered(200));
        });
        scene.read("b");
        scene.run();

        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void afterTwoSecondsItsLaneGoesOn() {
        scene = scene(Ordering.APP);
        refuse("a");
        scene.read("b");
        scene.timer.advance(LONGEST_STORE.minus(MOMENT));
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"));

        scene.timer.advance(MOMENT);
        scene.run();
        assertThat(scene.sent).containsExactly(List.of("a"), List.of("b"));
        assertThat(scene.position()).isZero();

        store();
        assertThat(scene.position()).isEqualTo(2);
    }

    @Test
    void anExpiredMessageOfABatchDelaysNoRevocationEither() {
        scene = new ScriptedPath(
                route(Ordering.TOPIC).batch(3, 1_000_000, LINGER).build());
        scene.storesLetters = false;
        scene.answer(() -> unavailable(500, null));
        scene.read("expired", "live");
        scene.timer.advance(LINGER);
        scene.run();
        assertThat(scene.dead).containsExactly("expired");
        assertThat(scene.partition.isQuiet()).isFalse();

        scene.partition.end();
        scene.path.destinations().withdraw(List.of(scene.partition.assignment()));
        scene.timer.advance(LONGEST_STORE);
        assertThat(scene.partition.isQuiet()).isTrue();
    }
}
