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
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The consequences of one attempt. */
final class AttemptsTest {
    private final ManualClock clock = ManualClock.create();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Attempts attempts = new Attempts(clock, clock.nanoTime());
    private SinkResult answer = new SinkResult.Accepted(answered(200));
    private final AtomicInteger cancelled = new AtomicInteger();
    private final boolean alone = true;
    private final HeardGate gate = new HeardGate();

    private final class Answering implements SinkCall {
        @Override
        public SinkResult execute() {
            clock.advance(Duration.ofMillis(30));
            return answer;
        }

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    }

    private Delivery delivery(int retry, Long expiresAt, Sink sink) {
        Route route = TestRoute.of("r", "app", "http://host:1/path")
                .retry(retry)
                .backoff(Duration.ofSeconds(1))
                .build();
        Destination destination = route.destinations().get(0);
        Target target = new Target(
                1,
                destination,
                sink,
                new Throttle(Pace.FREE, clock.nanoTime()),
                new DeliveryMeters(registry, destination),
                new AddressLog("test", clock.nanoTime()));
        RelayMessage message = new RelayMessage(
                "id", "app", "r", clock.millis(), "t", 1, false, null, expiresAt, null, null, List.of(), new byte[0]);
        return TestDeliveries.of(message, target);
    }

    private Delivery delivery(int retry) {
        return delivery(retry, null, (message, attempt) -> new Answering());
    }

    private Verdict attempt(Delivery delivery) {
        return attempts.overBefore(delivery)
                .<Verdict>map(Verdict.Ended::new)
                .orElseGet(() -> attempts.attempt(List.of(delivery), gate, () -> alone));
    }

    private double count(String outcome) {
        return registry.get("relay.dispatch.deliveries")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static Outcome.Dead dead(Verdict verdict) {
        return (Outcome.Dead) ((Verdict.Ended) verdict).outcome();
    }

    @Test
    void attemptsAreCountedByTheClassOfTheirStatus() {
        for (SinkResult each : List.of(
                new SinkResult.Accepted(answered(204)),
                new SinkResult.Refused(answered(422), "no"),
                Failures.failure(404, "no", null),
                Failures.failure(999, "no", null),
                Failures.failure(null, "no", null))) {
            answer = each;
            attempt(delivery(5));
        }
        assertThat(registry.find("relay.dispatch.attempts").counters())
                .extracting(counter -> counter.getId().getTag("status_class") + " " + counter.count())
                .containsExactlyInAnyOrder("2xx 1.0", "4xx 2.0", "other 1.0", "none 1.0");
    }

    @Test
    void anAcceptedMessageIsDelivered() {
        assertThat(attempt(delivery(5))).isEqualTo(new Verdict.Ended(new Outcome.Delivered()));
        assertThat(count("delivered")).isEqualTo(1);
        assertThat(registry.get("relay.dispatch.attempt").timer().totalTime(java.util.concurrent.TimeUnit.MILLISECONDS))
                .isEqualTo(30);
    }

    @Test
    void aRefusedMessageIsDeadWithoutRetries() {
        answer = new SinkResult.Refused(answered(400), "bad");
        Outcome.Dead dead = dead(attempt(delivery(5)));

        assertThat(dead).isEqualTo(new Outcome.Dead(DeadReason.REJECTED, 1, 400, "bad"));
        assertThat(count("rejected")).isEqualTo(1);
    }

    @Test
    void aFailureIsRepeatedUntilTheAttemptsAreUsedUp() {
        answer = new SinkResult.Unavailable(SinkResult.Cause.EITHER, answered(500), "busy", null);
        Delivery delivery = delivery(2);

        assertThat(attempt(delivery)).isEqualTo(new Verdict.Again(Duration.ofSeconds(1)));
        assertThat(attempt(delivery)).isInstanceOf(Verdict.Again.class);
        assertThat(dead(attempt(delivery))).isEqualTo(new Outcome.Dead(DeadReason.RETRIES_EXHAUSTED, 3, 500, "busy"));
        assertThat(count("retried")).isEqualTo(2);
        assertThat(count("exhausted")).isEqualTo(1);
    }

    @Test
    void retryAfterHoldsTheWholeAddress() {
        answer = new SinkResult.Unavailable(
                SinkResult.Cause.OVERLOAD, answered(429), "slow down", Duration.ofSeconds(7));

        assertThat(attempt(delivery(1))).isEqualTo(new Verdict.Again(Duration.ofSeconds(7)));
        assertThat(gate.heard).containsExactly("left alone for PT7S");
    }

    @Test
    void aShortRetryAfterDoesNotShortenTheBackoff() {
        answer = new SinkResult.Unavailable(
                SinkResult.Cause.OVERLOAD, answered(429), "slow down", Duration.ofMillis(10));

        assertThat(attempt(delivery(1))).isEqualTo(new Verdict.Again(Duration.ofSeconds(1)));
    }

    @Test
    void anExpiredMessageIsNotSent() {
        AtomicInteger calls = new AtomicInteger();
        Delivery delivery = delivery(5, clock.millis(), (message, attempt) -> {
            calls.incrementAndGet();
            return new Answering();
        });
        Outcome.Dead dead = dead(attempt(delivery));

        assertThat(dead.reason()).isEqualTo(DeadReason.EXPIRED);
        assertThat(dead.attempts()).isZero();
        assertThat(calls).hasValue(0);
        assertThat(count("expired")).isEqualTo(1);
    }

    @Test
    void aMessageMayExpireBetweenTwoAttempts() {
        answer = new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, answered(503), "busy", null);
        Delivery delivery = delivery(5, clock.millis() + 1000, (message, attempt) -> new Answering());

        assertThat(attempt(delivery)).isInstanceOf(Verdict.Again.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(dead(attempt(delivery)).attempts()).isEqualTo(1);
    }

    @Test
    void aDefectOfASinkCostsTheMessageAnAttemptAndNothingElse() {
        Delivery delivery = delivery(1, null, (messages, attempt) -> {
            throw new IllegalArgumentException("defect");
        });

        assertThat(attempt(delivery)).isInstanceOf(Verdict.Again.class);
        assertThat(dead(attempt(delivery)).reason()).isEqualTo(DeadReason.RETRIES_EXHAUSTED);
    }

    @Test
    void aCancelledCallDecidesNothing() {
        answer = new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, "cancelled", null);
        Delivery delivery = delivery(0);
        delivery.call().cancel();

        assertThat(attempt(delivery)).isEqualTo(new Verdict.Withdrawn());
        assertThat(cancelled).hasValue(1);
        assertThat(count("exhausted")).isZero();
    }

    @Test
    void aCancelledCallThatWasAcceptedIsDelivered() {
        Delivery delivery = delivery(0);
        delivery.call().cancel();

        assertThat(attempt(delivery)).isEqualTo(new Verdict.Ended(new Outcome.Delivered()));
    }
}
