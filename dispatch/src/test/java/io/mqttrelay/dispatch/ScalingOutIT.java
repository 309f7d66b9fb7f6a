package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.Tally;
import io.mqttrelay.testkit.http.CountingCallback;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dispatchers join and leave, as processes, while messages flow to a slow callback. */
@Timeout(180)
final class ScalingOutIT extends ProcessScene {
    private static final int TOPICS = 60;
    private static final int MOST_ROUNDS = 2000;
    private static final int BYTES = 200;
    private static final int IN_FLIGHT = 128;
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Tally tally = new Tally(TOPICS, MOST_ROUNDS);
    private final CountingCallback callback = callback(Duration.ofMillis(50), tally);
    private final DispatcherFleet.Settings settings = new DispatcherFleet.Settings(
            List.of(callback),
            List.of("\"max_in_flight\": " + IN_FLIGHT),
            List.of(),
            DispatcherFleet.Settings.QUICK,
            List.of("-Xmx128m"));

    ScalingOutIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void joiningAndLeavingLosesAndRepeatsNothing() {
        DispatcherProcess first = fleet.join(settings);
        Flow flow = flow();
        awaitAt(tally, TOPICS, first, PATIENCE);
        DispatcherProcess second = fleet.join(settings);
        DispatcherProcess third = fleet.join(settings);
        awaitDelivers(second);
        awaitDelivers(third);
        assertThat(first.process().terminate(PATIENCE)).as(first::toString).isZero();
        assertThat(second.process().terminate(PATIENCE)).as(second::toString).isZero();

        endsWell(flow, third, 0);
    }

    @Test
    void aKilledDispatcherRepeatsOnlyItsCallsInFlight() {
        DispatcherProcess first = fleet.join(settings);
        DispatcherProcess second = fleet.join(settings);
        Flow flow = flow();
        awaitDelivers(first);
        awaitDelivers(second);
        awaitFewOpen();
        tally.declareCrash();
        first.process().kill();

        endsWell(flow, second, IN_FLIGHT);
    }

    private void endsWell(Flow flow, DispatcherProcess survivor, int repeated) {
        awaitAt(tally, tally.distinct() + 10 * TOPICS, survivor, PATIENCE);
        int rounds = flow.stop();
        awaitAt(tally, TOPICS * rounds, survivor, PATIENCE);
        fleet.awaitNoLag(PATIENCE);
        tally.noLoss(rounds).assertHolds();
        tally.order().assertHolds();
        tally.duplicates(repeated).assertHolds();
        assertThat(fleet.dead()).isZero();
    }

    private static void awaitDelivers(DispatcherProcess dispatcher) {
        await().atMost(PATIENCE)
                .until(() -> dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"delivered\"") > 100);
    }

    /** Waits until messages flow and nearly all deliveries are committed: a machine that stands still repeats more. */
    private void awaitFewOpen() {
        await().atMost(PATIENCE).until(() -> {
            long open = fleet.lag().values().stream().mapToLong(left -> left).sum();
            return open > 0 && open <= IN_FLIGHT / 2;
        });
    }

    private Flow flow() {
        return opened(new Flow(opened(fleet.records(TOPICS, BYTES)), MOST_ROUNDS, BETWEEN_ROUNDS));
    }
}
