package io.mqttrelay.dispatch.deliver;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.lane.Pace;
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

/** The consequences of a batch's answer for each of its messages. */
final class BatchAttemptsTest {
    private static final Duration HOLD = Duration.ofHours(24);

    private final ManualClock clock = ManualClock.create();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Attempts attempts = new Attempts(clock, clock.nanoTime());
    private boolean alone;
    private final HeardGate gate = new HeardGate();
    private final List<List<String>> sent = new ArrayList<>();
    private @Nullable SinkResult answer;
    private final Target target = target();
    private final List<Delivery> batch = List.of(delivery("a"), delivery("b"), delivery("c"));

    private Target target() {
        Route route = TestRoute.of("r", "app", "http://host:1/path")
                .retry(1)
                .holdFor(HOLD)
                .backoff(Duration.ofSeconds(1))
                .build();
        Destination destination = route.destinations().get(0);
        return new Target(
                1,
                destination,
                (messages, attempt) -> new SinkCall() {
                    @Override
                    public SinkResult execute() {
                        sent.add(messages.stream().map(RelayMessage::id).toList());
                        if (answer == null) {
                            throw new IllegalStateException("defect");
                        }
                        return answer;
                    }

                    @Override
                    public void cancel() {}
                },
                new Throttle(Pace.FREE, clock.nanoTime()),
                new DeliveryMeters(registry, destination),
                new AddressLog("callback x", clock.nanoTime()));
    }

    private Delivery delivery(String id) {
        return TestDeliveries.of(
                new RelayMessage(id, "app", "r", 0, "t", 1, false, null, null, null, null, List.of(), new byte[0]),
                target);
    }

    private Verdict attempt(@Nullable SinkResult result) {
        answer = result;
        return attempts.attempt(batch, gate, () -> alone);
    }

    private double count(String outcome) {
        return registry.get("relay.dispatch.deliveries")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void itIsOneCallAndAllOfItsMessagesAreDelivered() {
        assertThat(attempt(new SinkResult.Accepted(answered(200))))
                .isEqualTo(new Verdict.Ended(new Outcome.Delivered()));
        assertThat(sent).containsExactly(List.of("a", "b", "c"));
        assertThat(count("delivered")).isEqualTo(3);
        assertThat(registry.get("relay.dispatch.attempt").timer().count()).isEqualTo(1);
    }

    @Test
    void aRefusedBatchCostsNoAttempt() {
        assertThat(attempt(new SinkResult.Refused(answered(413), "too large"))).isEqualTo(new Verdict.Apart());
        assertThat(batch).allMatch(delivery -> delivery.attempts() == 0);
        assertThat(count("rejected")).isZero();
    }

    @Test
    void aDefectOfTheSinkIsLookedForMessageByMessage() {
        assertThat(attempt(null)).isEqualTo(new Verdict.Apart());
        assertThat(batch).allMatch(delivery -> delivery.attempts() == 0);
    }

    @Test
    void aFailureThatCountsIsLookedForMessageByMessage() {
        assertThat(attempt(Failures.failure(500, "down", null))).isEqualTo(new Verdict.Apart());
        assertThat(batch).allMatch(delivery -> delivery.attempts() == 0 && delivery.firstFailure() == 0);
        assertThat(count("retried")).isEqualTo(3);
    }

    @Test
    void anOutageKeepsTheBatchTogether() {
        for (int call = 1; call <= 10; call++) {
            assertThat(attempt(Failures.failure(null, "connection refused", null)))
                    .isInstanceOf(Verdict.Again.class);
        }
        assertThat(batch).allMatch(delivery -> delivery.attempts() == 0);
        assertThat(count("exhausted")).isZero();
    }

    @Test
    void aSecondHangOfALonelyBatchTakesItApart() {
        alone = true;
        assertThat(attempt(Failures.failure(null, "timed out", null))).isInstanceOf(Verdict.Again.class);
        assertThat(attempt(Failures.failure(null, "timed out", null))).isEqualTo(new Verdict.Apart());
        assertThat(batch).allMatch(delivery -> delivery.attempts() == 0);
        assertThat(batch).extracting(Delivery::firstFailure).containsExactly(clock.millis(), 0L, 0L);
    }

    @Test
    void theFirstMessageOfAHeldBatchIsNotHeldAgain() {
        takeApartAfterHoldFor();
        Delivery first = batch.get(0);

        assertThat(attemptAlone(first, 502)).isInstanceOf(Verdict.Again.class);
        assertThat(attemptAlone(first, 502))
                .isEqualTo(new Verdict.Ended(new Outcome.Dead(DeadReason.RETRIES_EXHAUSTED, 2, 502, "down")));
    }

    @Test
    void theNextMessagesOfAHeldBatchBeginTheirOwnTime() {
        takeApartAfterHoldFor();
        Delivery next = batch.get(1);

        for (int call = 1; call <= 10; call++) {
            assertThat(attemptAlone(next, 502)).isInstanceOf(Verdict.Again.class);
        }
        clock.advance(HOLD);
        assertThat(attemptAlone(next, 502)).isInstanceOf(Verdict.Ended.class);
    }

    private void takeApartAfterHoldFor() {
        alone = true;
        assertThat(attempt(Failures.failure(502, "down", null))).isInstanceOf(Verdict.Again.class);
        clock.advance(HOLD);
        assertThat(attempt(Failures.failure(502, "down", null))).isEqualTo(new Verdict.Apart());
    }

    private Verdict attemptAlone(Delivery delivery, int status) {
        answer = Failures.failure(status, "down", null);
        return attempts.attempt(List.of(delivery), gate, () -> true);
    }

    @Test
    void anAnswerBetweenTwoHangsKeepsItTogether() {
        alone = true;
        for (int call = 1; call <= 3; call++) {
            assertThat(attempt(Failures.failure(null, "timed out", null))).isInstanceOf(Verdict.Again.class);
            assertThat(attempt(Failures.failure(503, "down", null))).isInstanceOf(Verdict.Again.class);
        }
    }

    @Test
    void aHangBesideAnAcceptedCallTakesItApart() {
        attempt(Failures.failure(null, "timed out", null));
        clock.advance(Duration.ofSeconds(1));
        answer = new SinkResult.Accepted(answered(200));
        attempts.attempt(List.of(delivery("d")), gate, () -> false);
        clock.advance(Duration.ofSeconds(1));

        assertThat(attempt(Failures.failure(null, "timed out", null))).isEqualTo(new Verdict.Apart());
    }

    @Test
    void aCancelledMessageWithdrawsTheWholeBatch() {
        batch.get(2).call().cancel();

        assertThat(attempt(new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, "cancelled", null)))
                .isEqualTo(new Verdict.Withdrawn());
    }
}
