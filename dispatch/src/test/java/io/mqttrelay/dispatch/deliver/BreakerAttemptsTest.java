package io.mqttrelay.dispatch.deliver;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.LogLines;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.sink.Failures;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cost of a failing address for its messages, and when its breaker opens. */
final class BreakerAttemptsTest {
    private static final SinkResult ACCEPTED = new SinkResult.Accepted(answered(200));
    private static final SinkResult REFUSED = new SinkResult.Refused(answered(400), "bad");
    private static final SinkResult DOWN =
            new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, "connection refused", null);

    private static final SinkResult BROKEN = Failures.failure(500, "broken", null);

    private final ManualClock clock = ManualClock.create();
    private final Attempts attempts = new Attempts(clock, clock.nanoTime());
    private final boolean alone = false;
    private final HeardGate gate = new HeardGate();
    private final Target target = target(TestRoute.of("r", "app", "http://host:1/path")
            .retry(2)
            .backoff(Duration.ofSeconds(1))
            .breaker(50, 4, Duration.ofSeconds(15)));
    private @Nullable SinkResult answer = DOWN;
    private Runnable duringCall = () -> {};
    private int lastAttempt;
    private int topics;

    private Target target(TestRoute described) {
        Route route = described.build();
        Destination destination = route.destinations().get(0);
        return new Target(
                1,
                destination,
                (messages, attempt) -> new SinkCall() {
                    @Override
                    public SinkResult execute() {
                        lastAttempt = attempt;
                        duringCall.run();
                        if (answer == null) {
                            throw new IllegalStateException("defect");
                        }
                        return answer;
                    }

                    @Override
                    public void cancel() {}
                },
                new Throttle(Pace.FREE, clock.nanoTime()),
                new DeliveryMeters(new SimpleMeterRegistry(), destination),
                new AddressLog("callback x", clock.nanoTime()));
    }

    private Delivery delivery() {
        return delivery(target);
    }

    /** Makes a delivery with its own MQTT topic. */
    private Delivery delivery(Target to) {
        return delivery(to, "t/" + topics++);
    }

    private static Delivery delivery(Target to, String topic) {
        return TestDeliveries.of(
                new RelayMessage("id", "app", "r", 0, topic, 1, false, null, null, null, null, List.of(), new byte[0]),
                to);
    }

    private Verdict attempt(Delivery delivery, @Nullable SinkResult result) {
        answer = result;
        return attempts.attempt(List.of(delivery), gate, () -> alone);
    }

    private void open() {
        for (int i = 0; i < 4; i++) {
            attempt(delivery(), DOWN);
        }
        assertThat(target.breaker().state()).isEqualTo(2);
    }

    private void openAndWait() {
        open();
        clock.advance(Duration.ofSeconds(15));
        target.breaker().halfOpen();
        assertThat(target.breaker().awaitsProbe()).isTrue();
        gate.heard.clear();
    }

    @Test
    void anAddressThatKeepsFailingIsShut() {
        for (int i = 0; i < 3; i++) {
            attempt(delivery(), DOWN);
        }
        assertThat(gate.heard).isEmpty();
        attempt(delivery(), DOWN);

        assertThat(gate.heard).containsExactly("shut for PT15S");
    }

    @Test
    void theLastOfTheFirstCallsMayBeAnAcceptedOne() {
        for (int i = 0; i < 3; i++) {
            attempt(delivery(), DOWN);
        }
        attempt(delivery(), ACCEPTED);

        assertThat(gate.heard).containsExactly("shut for PT15S");
    }

    @Test
    void whileItIsOpenNothingIsSentAndNothingCounted() {
        open();
        Delivery delivery = delivery();
        lastAttempt = 0;

        assertThat(attempt(delivery, ACCEPTED)).isEqualTo(new Verdict.NotNow());
        assertThat(delivery.attempts()).isZero();
        assertThat(lastAttempt).isZero();
        assertThat(target.breaker().awaitsProbe()).isFalse();
    }

    @Test
    void oneProbeAtATime() {
        openAndWait();
        duringCall = () -> {
            duringCall = () -> {};
            assertThat(target.breaker().awaitsProbe()).isFalse();
            assertThat(attempts.attempt(List.of(delivery()), gate, () -> alone)).isEqualTo(new Verdict.NotNow());
        };
        attempt(delivery(), DOWN);

        assertThat(gate.heard).containsExactly("shut for PT15S");
        assertThat(target.breaker().state()).isEqualTo(2);
    }

    @Test
    void aProbeThatIsAcceptedOpensTheAddress() {
        openAndWait();

        assertThat(attempt(delivery(), ACCEPTED)).isEqualTo(new Verdict.Ended(new Outcome.Delivered()));
        assertThat(gate.heard).containsExactly("open");
        assertThat(target.breaker().state()).isZero();
    }

    @Test
    void aRefusalIsTheAnswerOfAnAddressThatWorks() {
        for (int i = 0; i < 200; i++) {
            attempt(delivery(), REFUSED);
        }
        assertThat(gate.heard).isEmpty();
        for (int i = 0; i < 100; i++) {
            attempt(delivery(), DOWN);
        }
        target.breaker().halfOpen();
        attempt(delivery(), REFUSED);

        assertThat(gate.heard).containsExactly("shut for PT15S", "open");
    }

    @ParameterizedTest
    @CsvSource({
        ",false",
        "408,false",
        "429,false",
        "502,false",
        "503,false",
        "504,false",
        "500,true",
        "501,true",
        "301,true",
        "401,true",
        "403,true",
        "404,true",
        "-1,true"
    })
    void aFailedProbeCountsWhenTheCallbackItselfAnswered(@Nullable Integer status, boolean counted) {
        openAndWait();
        Delivery delivery = delivery();
        boolean defect = status != null && status == -1;
        for (int probe = 1; probe <= 10; probe++) {
            Verdict verdict = attempt(delivery, defect ? null : Failures.failure(status, "no", null));
            if (!counted || probe <= 2) {
                assertThat(verdict).isEqualTo(new Verdict.Again(Duration.ofSeconds(1)));
            } else {
                Outcome.Dead dead = (Outcome.Dead) ((Verdict.Ended) verdict).outcome();
                assertThat(dead.reason()).isEqualTo(DeadReason.RETRIES_EXHAUSTED);
                assertThat(dead.attempts()).isEqualTo(3);
                break;
            }
            assertThat(lastAttempt).isEqualTo(probe);
            assertThat(delivery.attempts()).isEqualTo(counted ? probe : 0);
            target.breaker().halfOpen();
        }
    }

    @Test
    void aProbeRestsNoLongerThanUntilTheNext() {
        Target patient = target(TestRoute.of("r", "app", "http://host:1/path")
                .backoff(Duration.ofSeconds(40))
                .breaker(100, 1, Duration.ofSeconds(15)));
        attempt(delivery(patient), DOWN);
        patient.breaker().halfOpen();

        assertThat(attempt(delivery(patient), DOWN)).isEqualTo(new Verdict.Again(Duration.ofSeconds(15)));
    }

    @Test
    void aRetryAfterOfAProbeIsRespected() {
        openAndWait();
        attempt(
                delivery(),
                new SinkResult.Unavailable(SinkResult.Cause.OVERLOAD, answered(503), "busy", Duration.ofSeconds(60)));

        assertThat(gate.heard).containsExactly("shut for PT15S", "left alone for PT1M");
        assertThat(target.retryAfter().left(clock.nanoTime().getAsLong())).isEqualTo(Duration.ofSeconds(60));
        clock.advance(Duration.ofSeconds(45));
        assertThat(target.retryAfter().left(clock.nanoTime().getAsLong())).isEqualTo(Duration.ofSeconds(15));
        clock.advance(Duration.ofSeconds(45));
        assertThat(target.retryAfter().left(clock.nanoTime().getAsLong())).isZero();
    }

    @Test
    void aProbeThatIsCancelledSaysNothing() {
        openAndWait();
        Delivery delivery = delivery();
        duringCall = delivery.call()::cancel;

        assertThat(attempt(delivery, DOWN)).isEqualTo(new Verdict.Withdrawn());
        assertThat(target.breaker().awaitsProbe()).isTrue();
        assertThat(gate.heard).isEmpty();
    }

    @Test
    void aCallFromBeforeOpeningCountsForItsMessageOnly() {
        Delivery late = delivery();
        duringCall = () -> {
            duringCall = () -> {};
            openAndWait();
            answer = BROKEN;
        };
        attempts.attempt(List.of(late), gate, () -> alone);

        assertThat(late.attempts()).isEqualTo(1);
        assertThat(target.breaker().awaitsProbe()).isTrue();
        assertThat(gate.heard).isEmpty();
    }

    @Test
    void switchedOffItNeverOpens() {
        Target off = target(TestRoute.of("r", "app", "http://host:1/path").retry(0));
        for (int i = 0; i < 1000; i++) {
            assertThat(attempt(delivery(off), DOWN)).isInstanceOf(Verdict.Again.class);
            assertThat(attempt(delivery(off), BROKEN)).isInstanceOf(Verdict.Ended.class);
        }
        assertThat(gate.heard).isEmpty();
        assertThat(off.breaker().state()).isZero();
    }

    @Property(tries = 100)
    void oneFailureInTenNeverOpensIt(@ForAll long seed) {
        Random random = new Random(seed);
        Target busy = target(TestRoute.of("r", "app", "http://host:1/path").breaker(50, 20, Duration.ofSeconds(15)));
        for (int i = 0; i < 20; i++) {
            attempt(delivery(busy), ACCEPTED);
        }
        for (int i = 0; i < 5_000; i++) {
            attempt(delivery(busy), random.nextInt(10) == 0 ? DOWN : ACCEPTED);
        }

        assertThat(gate.heard).isEmpty();
    }

    @Test
    void openingAndClosingAreALineEachAndProbesAreNone() {
        try (LogLines logged = new LogLines(AddressLog.class.getName())) {
            open();
            for (int probe = 0; probe < 3; probe++) {
                clock.advance(Duration.ofSeconds(15));
                target.breaker().halfOpen();
                attempt(delivery(), probe < 2 ? DOWN : ACCEPTED);
            }
            attempt(delivery(), ACCEPTED);

            assertThat(logged.lines())
                    .containsExactly(
                            "WARN callback x fails, will be tried again: connection refused (1 attempts failed so far)",
                            "WARN callback x: circuit breaker opens after 4 failed of 4 calls: connection refused;"
                                    + " nothing is sent for 15.0 s, then one probe at a time",
                            "INFO callback x: circuit breaker closes after 45 s, probe 3 was answered");
        }
    }
}
