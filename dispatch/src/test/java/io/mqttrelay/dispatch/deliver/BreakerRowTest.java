package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.CircuitBreakerSettings;
import io.mqttrelay.dispatch.deliver.AddressBreaker.Change;
import io.mqttrelay.dispatch.deliver.AddressBreaker.Permit;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Failures in a row, and which of them open an address's circuit breaker: decision 074. */
final class BreakerRowTest {
    private final ManualClock clock = ManualClock.create();
    private final AddressBreaker breaker =
            new AddressBreaker("x", new CircuitBreakerSettings(50, 20, Duration.ofSeconds(15)));

    private Change fails(Cause cause, String lane) {
        return breaker.failed(permit(), cause, lane, clock.nanoTime().getAsLong());
    }

    private Change accepts() {
        return breaker.accepted(permit(), clock.nanoTime().getAsLong());
    }

    private Permit permit() {
        return Objects.requireNonNull(breaker.begin());
    }

    private void fails(int times, Cause cause) {
        for (int i = 0; i < times; i++) {
            assertThat(fails(cause, "t/" + i)).isEqualTo(Change.NONE);
        }
    }

    @Example
    void fiveFailuresInARowOpenIt() {
        fails(2, Cause.EITHER);
        fails(1, Cause.ADDRESS);
        fails(1, Cause.OVERLOAD);
        assertThat(fails(Cause.EITHER, "t")).isEqualTo(Change.OPENED);
        assertThat(breaker.reason()).isEqualTo("5 failed calls in a row");
    }

    @Example
    void aCondemnedMessageIsNoAcceptance() {
        fails(4, Cause.EITHER);
        assertThat(breaker.rejected(permit())).isEqualTo(Change.NONE);
        assertThat(fails(Cause.EITHER, "t")).isEqualTo(Change.OPENED);
    }

    @Example
    void aCondemnedMessageClosesIt() {
        fails(4, Cause.EITHER);
        fails(Cause.EITHER, "t");
        breaker.halfOpen();
        assertThat(breaker.rejected(permit())).isEqualTo(Change.CLOSED);
        fails(4, Cause.EITHER); // a new row
        assertThat(breaker.state()).isZero();
    }

    @Example
    void soonAfterAnAcceptanceItStaysClosed() {
        accepts();
        clock.advance(Duration.ofNanos(FailureRow.QUIET_NANOS - 1));
        fails(100, Cause.EITHER);
        clock.advance(Duration.ofNanos(1));
        assertThat(fails(Cause.EITHER, "t")).isEqualTo(Change.OPENED);
    }

    @Property(tries = 50)
    void messagesThatFailDoNotOpenItWhileOthersAreAccepted(@ForAll long seed, @ForAll @IntRange(max = 99) int percent) {
        Random random = new Random(seed);
        for (int call = 0; call < 5_000; call++) {
            clock.advance(Duration.ofMillis(1));
            boolean accepted = call % 100 == 0 || random.nextInt(100) >= percent;
            assertThat(accepted ? accepts() : fails(random.nextBoolean() ? Cause.EITHER : Cause.OVERLOAD, "t/" + call))
                    .isEqualTo(Change.NONE);
        }
    }

    @Example
    void anAddressThatFailsHalfOfTheTimeIsDown() {
        Change change = Change.NONE;
        for (int call = 0; call < 20; call++) {
            change = call % 2 == 0 ? accepts() : fails(Cause.ADDRESS, "t/" + call);
        }
        assertThat(change).isEqualTo(Change.OPENED);
        assertThat(breaker.reason()).isEqualTo("10 failed of 20 calls");
    }

    @Example
    void oneLaneAloneIsTold() {
        for (int i = 0; i < 4; i++) {
            fails(Cause.ADDRESS, "t");
        }
        assertThat(fails(Cause.ADDRESS, "t")).isEqualTo(Change.OPENED_BY_ONE_LANE);
        breaker.halfOpen();
        assertThat(fails(Cause.ADDRESS, "t")).isEqualTo(Change.OPENED_BY_ONE_LANE);
        breaker.halfOpen();
        assertThat(fails(Cause.ADDRESS, "another")).isEqualTo(Change.OPENED);
        breaker.halfOpen();
        assertThat(fails(Cause.ADDRESS, "t")).isEqualTo(Change.OPENED);
        breaker.halfOpen();
        assertThat(accepts()).isEqualTo(Change.CLOSED);
    }

    @Example
    void oneLaneAmongOthersThatAreAcceptedIsTold() {
        Change change = Change.NONE;
        for (int call = 0; call < 20; call++) {
            change = call % 2 == 1 ? fails(Cause.ADDRESS, "t") : accepts();
        }
        assertThat(change).isEqualTo(Change.OPENED_BY_ONE_LANE);
    }

    @Example
    void aFailureOfAnotherLaneIsForgottenAfterManyCalls() {
        fails(Cause.ADDRESS, "another");
        for (int call = 0; call < 150; call++) {
            accepts();
        }
        clock.advance(Duration.ofMinutes(1));
        Change change = Change.NONE;
        for (int call = 0; call < 5; call++) {
            change = fails(Cause.ADDRESS, "t");
        }
        assertThat(change).isEqualTo(Change.OPENED_BY_ONE_LANE);
    }

    @Example
    void switchedOffItCountsNothing() {
        AddressBreaker off = new AddressBreaker("x", null);
        for (int i = 0; i < 100; i++) {
            assertThat(off.failed(
                            Objects.requireNonNull(off.begin()),
                            Cause.ADDRESS,
                            "t",
                            clock.nanoTime().getAsLong()))
                    .isEqualTo(Change.NONE);
        }
    }
}
