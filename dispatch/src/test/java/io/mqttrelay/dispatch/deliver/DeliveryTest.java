package io.mqttrelay.dispatch.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The states of one delivery, and its one count of attempts. */
final class DeliveryTest {
    private static final Duration WAIT = Duration.ofSeconds(3);

    private final ManualClock clock = ManualClock.create();
    private final Delivery delivery = delivery("m");

    private Delivery delivery(String id) {
        Destination destination = TestRoute.of("r", "app", "http://host:1/path")
                .build()
                .destinations()
                .get(0);
        Target target = new Target(
                1,
                destination,
                (messages, attempt) -> {
                    throw new AssertionError("nothing is sent");
                },
                new Throttle(Pace.FREE, clock.nanoTime()),
                new DeliveryMeters(new SimpleMeterRegistry(), destination),
                new AddressLog("callback x", clock.nanoTime()));
        RelayMessage message = new RelayMessage(
                id, "app", "r", 0, "t/" + id, 1, false, null, null, null, null, List.of(), new byte[0]);
        return TestDeliveries.of(message, target, new Tried(2, 7));
    }

    private void rest(Delivery first) {
        first.begin();
        first.waits(WAIT);
        first.rests();
    }

    @Test
    void goesFromItsLaneOverAWaitToItsOutcome() {
        assertThat(delivery.state()).isEqualTo(Delivery.State.QUEUED);
        rest(delivery);
        assertThat(delivery.state()).isEqualTo(Delivery.State.WAITING_RETRY);
        assertThat(delivery.offset().waitNanos()).isEqualTo(WAIT.toNanos());
        assertThat(delivery.wake()).isTrue();
        assertThat(delivery.state()).isEqualTo(Delivery.State.QUEUED);
        assertThat(delivery.offset().waitNanos()).isZero();
        delivery.begin();
        delivery.settle();
        assertThat(delivery.state()).isEqualTo(Delivery.State.SETTLED);
    }

    @Test
    void refusesAnOutcomeThatNoThreadHasMade() {
        assertThatThrownBy(delivery::settle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is QUEUED and cannot be SETTLED");
    }

    @Test
    void isNeverBothSentAndDropped() {
        delivery.begin();
        assertThatThrownBy(delivery::unload).isInstanceOf(IllegalStateException.class);
        delivery.settle();
        assertThatThrownBy(delivery::unload).isInstanceOf(IllegalStateException.class);

        Delivery dropped = delivery("dropped");
        dropped.unload();
        assertThatThrownBy(dropped::begin).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneOfTwoWakersHasTheDelivery() {
        rest(delivery);
        assertThat(delivery.wake()).isTrue();
        assertThat(delivery.wake()).isFalse();
    }

    @Test
    void aSettledFirstStillRepresentsTheRestOfItsBatch() {
        Delivery second = delivery("second");
        delivery.startsWith(List.of(delivery, second));
        delivery.begin();
        second.begin();
        delivery.settle();
        second.waits(WAIT);
        delivery.rests();

        assertThat(delivery.wake()).isTrue();
        assertThat(delivery.state()).isEqualTo(Delivery.State.SETTLED);
        assertThat(second.state()).isEqualTo(Delivery.State.QUEUED);
        assertThat(delivery.toSend()).containsExactly(second);
    }

    @Test
    void theCommitReadsTheCountOfTheAttempts() {
        assertThat(delivery.attempts()).isEqualTo(2);
        delivery.history().begins(0);
        delivery.history().failed(9, true);
        delivery.history().count();

        assertThat(delivery.offset().tried()).isEqualTo(new Tried(3, 7));
        assertThat(delivery.attempts()).isEqualTo(3);
        delivery.history().forget();
        assertThat(delivery.offset().tried()).isEqualTo(Tried.NOTHING);
    }
}
