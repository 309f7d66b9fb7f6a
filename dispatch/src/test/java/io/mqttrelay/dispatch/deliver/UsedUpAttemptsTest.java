package io.mqttrelay.dispatch.deliver;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.sink.Failures;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failed attempts of a message count: decision 073, row by row. */
final class UsedUpAttemptsTest {
    private static final SinkResult ACCEPTED = new SinkResult.Accepted(answered(200));
    private static final SinkResult REFUSED = new SinkResult.Refused(answered(400), "bad");
    private static final SinkResult DOWN = Failures.failure(null, "connection refused", null);
    private static final SinkResult BUSY = Failures.failure(429, "slow down", null);
    private static final SinkResult BROKEN = Failures.failure(500, "broken", null);
    private static final SinkResult NO_LOGIN =
            new SinkResult.Unavailable(SinkResult.Cause.LOGIN, null, "no token", null);
    private static final Duration HOLD = Duration.ofSeconds(20);

    private final ManualClock clock = ManualClock.create();
    private final Attempts attempts = new Attempts(clock, clock.nanoTime());
    private final List<Integer> numbers = new ArrayList<>();
    private SinkResult answer = DOWN;
    private boolean alone;
    private Runnable duringCall = () -> {};
    private Target target = target(route(2));

    private static TestRoute route(int retry) {
        return TestRoute.of("r", "app", "http://host:1/path")
                .retry(retry)
                .holdFor(HOLD)
                .backoff(Duration.ofSeconds(1));
    }

    private Target target(TestRoute described) {
        Route route = described.build();
        Destination destination = route.destinations().get(0);
        return new Target(
                1,
                destination,
                (messages, attempt) -> new SinkCall() {
                    @Override
                    public SinkResult execute() {
                        numbers.add(attempt);
                        SinkResult mine = answer;
                        duringCall.run();
                        return mine;
                    }

                    @Override
                    public void cancel() {}
                },
                new Throttle(Pace.FREE, clock.nanoTime()),
                new DeliveryMeters(new SimpleMeterRegistry(), destination),
                new AddressLog("callback x", clock.nanoTime()));
    }

    private Delivery delivery(String id, int before, long firstFailure) {
        RelayMessage message = new RelayMessage(
                id, "app", "r", 0, "t/" + id, 1, false, null, null, null, null, List.of(), new byte[0]);
        return TestDeliveries.of(message, target, new Tried(before, firstFailure));
    }

    private Delivery delivery(String id) {
        return delivery(id, 0, 0);
    }

    /** Makes an attempt, and lets a second pass. */
    private Verdict attempt(Delivery delivery, SinkResult result) {
        answer = result;
        Verdict verdict = attempts.attempt(List.of(delivery), new HeardGate(), () -> alone);
        clock.advance(Duration.ofSeconds(1));
        return verdict;
    }

    private void assertTriedAgain(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Again.class);
    }

    private static Outcome.Dead dead(Verdict verdict) {
        Outcome.Dead dead = (Outcome.Dead) ((Verdict.Ended) verdict).outcome();
        assertThat(dead.reason()).isEqualTo(DeadReason.RETRIES_EXHAUSTED);
        return dead;
    }

    @ParameterizedTest
    @CsvSource({"0", "2"})
    void anOutageUsesUpNothingWhileOtherLanesWait(int retry) {
        target = target(route(retry));
        Delivery delivery = delivery("m");
        for (int second = 0; second < 200; second++) { // ten times hold_for
            assertTriedAgain(attempt(delivery, DOWN));
        }
        assertThat(delivery.attempts()).isZero();
        assertThat(numbers).last().isEqualTo(200);
    }

    @Test
    void aMissingLoginNeverCounts() {
        target = target(route(0));
        Delivery delivery = delivery("m");
        Delivery other = delivery("other");
        alone = true;
        for (int second = 0; second < 100; second++) { // five times hold_for
            assertTriedAgain(attempt(delivery, NO_LOGIN));
            attempt(other, ACCEPTED);
        }
        assertThat(delivery.attempts()).isZero();
        assertThat(delivery.firstFailure()).isZero();

        attempt(delivery, NO_LOGIN); // no call was accepted since then
        assertTriedAgain(attempt(delivery, DOWN)); // its own hold_for begins now
        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void aMissingLoginCountsNotEvenWithoutHoldFor() {
        target = target(route(0).holdFor(Duration.ZERO));
        Delivery delivery = delivery("m");
        for (int second = 0; second < 100; second++) {
            assertTriedAgain(attempt(delivery, NO_LOGIN));
        }
        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void aMissingLoginIsNotAmongThoseThatCountAtOnce() {
        target = target(route(2));
        Delivery delivery = delivery("m");
        alone = true;
        for (int second = 0; second < 100; second++) {
            assertTriedAgain(attempt(delivery, NO_LOGIN));
        }
        for (int second = 0; second < 20; second++) { // until hold_for has passed
            assertTriedAgain(attempt(delivery, DOWN));
        }
        int counted = delivery.attempts();
        attempt(delivery, DOWN);
        attempt(delivery, DOWN);
        assertThat(counted).isZero();
        assertThat(delivery.attempts()).isBetween(1, 30);
    }

    @Test
    void aMissingLoginOpensTheBreaker() {
        target = target(route(0).breaker(50, 2, Duration.ofSeconds(60)));
        attempt(delivery("a"), NO_LOGIN);
        attempt(delivery("b"), NO_LOGIN);
        assertThat(attempt(delivery("c"), NO_LOGIN)).isInstanceOf(Verdict.NotNow.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 502, 503, 504})
    void aStatusOfTheAddressUsesUpNothing(int status) {
        Delivery delivery = delivery("m");
        for (int second = 0; second < 10; second++) {
            assertTriedAgain(attempt(delivery, Failures.failure(status, "no", null)));
        }
        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void aFailureOfEitherAlwaysCounts() {
        Delivery delivery = delivery("m");
        assertTriedAgain(attempt(delivery, BROKEN));
        assertTriedAgain(attempt(delivery, BROKEN));
        assertThat(dead(attempt(delivery, BROKEN)).attempts()).isEqualTo(3);
    }

    @Test
    void aFailureBesideAnAcceptedMessageCounts() {
        Delivery delivery = delivery("m");
        assertTriedAgain(attempt(delivery, DOWN));
        attempt(delivery("other"), ACCEPTED);
        assertTriedAgain(attempt(delivery, DOWN));
        assertThat(delivery.attempts()).isEqualTo(1);
    }

    @Test
    void aCallAcceptedDuringTheFirstAttemptIsAWitness() {
        Delivery delivery = delivery("m");
        duringCall = () -> {
            duringCall = () -> {};
            clock.advance(Duration.ofSeconds(1));
            attempt(delivery("other"), ACCEPTED);
        };
        assertTriedAgain(attempt(delivery, DOWN));
        assertThat(delivery.attempts()).isEqualTo(1);
    }

    @Test
    void aCallThatBeganEarlierIsNoWitness() {
        Delivery early = delivery("other");
        Delivery delivery = delivery("m");
        duringCall = () -> {
            duringCall = () -> {};
            clock.advance(Duration.ofSeconds(1));
            assertTriedAgain(attempt(delivery, DOWN));
        };
        attempt(early, ACCEPTED); // it began before the outage, and its answer was still let through
        assertTriedAgain(attempt(delivery, DOWN));
        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void oneAcceptedMessageMakesOneFailureCount() {
        Delivery delivery = delivery("m");
        duringCall = () -> {
            duringCall = () -> {};
            clock.advance(Duration.ofSeconds(1));
            attempt(delivery("other"), ACCEPTED);
        };
        for (int i = 0; i < 10; i++) {
            assertTriedAgain(attempt(delivery, DOWN));
        }
        assertThat(delivery.attempts()).isEqualTo(1);
    }

    @Test
    void aRefusalIsNoAcceptance() {
        Delivery delivery = delivery("m");
        for (int i = 0; i < 10; i++) {
            assertTriedAgain(attempt(delivery, DOWN));
            attempt(delivery("other"), REFUSED);
        }
        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void alonePastItsTimeAllItsFailuresCount() {
        alone = true;
        Delivery delivery = delivery("m");
        for (int second = 0; second < 20; second++) {
            assertTriedAgain(attempt(delivery, DOWN));
            assertThat(delivery.attempts()).isZero();
        }
        Outcome.Dead dead = dead(attempt(delivery, DOWN));

        assertThat(dead.attempts()).isEqualTo(21);
        assertThat(delivery.attempts()).isEqualTo(21);
        Delivery next = delivery("n");
        for (int second = 0; second < 20; second++) {
            assertTriedAgain(attempt(next, DOWN)); // it has a time of its own
        }
        dead(attempt(next, DOWN));
    }

    @Test
    void afterItsTimeTheRestOfItsRetriesIsLeft() {
        target = target(route(5));
        alone = true;
        Delivery delivery = delivery("m");
        assertTriedAgain(attempt(delivery, DOWN));
        clock.advance(HOLD);
        for (int attempt = 2; attempt <= 5; attempt++) {
            assertTriedAgain(attempt(delivery, DOWN));
            assertThat(delivery.attempts()).isEqualTo(attempt);
        }
        assertThat(dead(attempt(delivery, DOWN)).attempts()).isEqualTo(6);
    }

    @Test
    void anotherLaneGivesItMoreTime() {
        alone = true;
        Delivery delivery = delivery("m");
        for (int second = 0; second < 19; second++) {
            attempt(delivery, DOWN);
        }
        alone = false;
        for (int second = 0; second < 100; second++) {
            assertTriedAgain(attempt(delivery, DOWN));
        }
        alone = true;
        assertTriedAgain(attempt(delivery, DOWN)); // the others may be back before its next attempt
        dead(attempt(delivery, DOWN));
    }

    @Test
    void itsTimeOutlivesARestart() {
        alone = true;
        target = target(route(0));
        long firstFailure = clock.millis();
        clock.advance(HOLD);
        Delivery delivery = delivery("m", 0, firstFailure);

        assertTriedAgain(attempt(delivery, DOWN)); // others may not have been read yet
        assertThat(delivery.firstFailure()).isEqualTo(firstFailure);
        dead(attempt(delivery, DOWN));
    }

    @Test
    void tooManyRequestsUsesUpNothingBeforeItsTime() {
        Delivery delivery = delivery("m");
        for (int second = 0; second < 10; second++) {
            attempt(delivery("other" + second), ACCEPTED);
            assertTriedAgain(attempt(delivery, BUSY));
        }
        assertThat(delivery.attempts()).isZero();
        attempt(delivery("other"), ACCEPTED);
        assertTriedAgain(attempt(delivery, BUSY));
        assertThat(delivery.attempts()).isEqualTo(1);
    }

    @Test
    void withoutATimeEveryFailureCounts() {
        target = target(route(0).holdFor(Duration.ZERO));
        assertThat(dead(attempt(delivery("m"), DOWN)).attempts()).isEqualTo(1);
        assertThat(dead(attempt(delivery("m"), BUSY)).attempts()).isEqualTo(1);
        assertThat(numbers).containsExactly(1, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, 3600})
    void backoffGrowsWithFailuresThatDoNotCount(long clockStep) {
        target = target(route(0).backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0));
        Delivery delivery = delivery("m");
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clock.stepWall(Duration.ofSeconds(clockStep));
            waits.add(((Verdict.Again) attempt(delivery, DOWN)).delay());
        }
        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void theOrderingDecidesTheLane() {
        for (Ordering ordering : Ordering.values()) {
            target = target(route(1).ordering(ordering));
            @Nullable String lane = delivery("m").lane();
            assertThat(lane).isEqualTo(ordering == Ordering.TOPIC ? "t/m" : ordering == Ordering.APP ? "" : "m");
        }
    }
}
