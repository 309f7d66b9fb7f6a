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

/**
 * One of two addresses of an app is down while many messages pass. The other address is not affected, and the
 * dispatcher's heap does not grow. The backlog is delivered when the address is back, also if dispatchers were killed
 * meanwhile. {@code -Drelay.outage.messages=200000} gives it the promised size.
 */
@Timeout(600)
final class OutageIT extends ProcessScene {
    private static final int TOPICS = 200;
    private static final int ROUNDS = Integer.getInteger("relay.outage.messages", 10_000) / TOPICS;
    private static final int MESSAGES = TOPICS * ROUNDS;
    private static final int BYTES = 1024;
    private static final int IN_FLIGHT = 128;
    private static final Duration UNKNOWN = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60 + MESSAGES / 1000);

    private final Tally away = new Tally(TOPICS, ROUNDS);
    private final Tally well = new Tally(TOPICS, ROUNDS);
    private final CountingCallback a = callback(Duration.ofMillis(1_000_000 / MESSAGES), away);
    private final CountingCallback b = callback(Duration.ZERO, well);
    private final DispatcherFleet.Settings settings = new DispatcherFleet.Settings(
            List.of(a, b),
            List.of(
                    "\"max_in_flight\": " + IN_FLIGHT,
                    "\"timeout\": \"4s\"",
                    "\"retry_backoff\": {\"max\": \"2s\"}",
                    "\"circuit_breaker\": {\"open_for\": \"1s\"}"),
            List.of("\"max_buffered\": \"" + MESSAGES / 4 + "KB\""), // a fraction of what passes
            DispatcherFleet.Settings.QUICK,
            List.of("-Xmx128m"));

    OutageIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void anAddressThatRefusesDelaysNoOtherAndMissesNothing() {
        a.refuse();
        passesBy();
    }

    @Test
    void anAddressThatHangsIsNotWaitedForAndGetsEverythingLater() {
        a.hang();
        passesBy();
    }

    private void passesBy() {
        DispatcherProcess first = fleet.join(settings);
        SequencedRecords records = opened(fleet.records(TOPICS, BYTES));
        long begin = System.nanoTime();
        records.rounds(ROUNDS);
        records.flush();

        awaitAt(well, MESSAGES, first, PATIENCE);
        System.out.println(MESSAGES + " messages passed the address that is down in "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
        assertThat(away.distinct()).isZero();
        a.answer();
        awaitAt(away, MESSAGES / 4, first, PATIENCE);
        int repeated = kill(first);
        fleet.join(settings);
        DispatcherProcess last = fleet.join(settings);

        awaitAt(away, MESSAGES, last, PATIENCE);
        fleet.awaitNoLag(PATIENCE);
        assertHolds(well, 0);
        assertHolds(away, repeated);
        assertThat(fleet.dead()).isZero();
    }

    /**
     * Kills a dispatcher.
     *
     * @return the deliveries that may be repeated: those in flight, and those of the last half second, which may not be
     *     committed
     */
    private int kill(DispatcherProcess dispatcher) {
        int before = away.distinct();
        await().pollDelay(UNKNOWN).until(() -> true);
        away.declareCrash();
        dispatcher.process().kill();
        return IN_FLIGHT + away.distinct() - before;
    }

    private static void assertHolds(Tally tally, int repeated) {
        tally.noLoss().assertHolds();
        tally.order().assertHolds();
        tally.duplicates(repeated).assertHolds();
    }
}
