package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ingest} is away for a while, and its broker's queue is large enough: messages are late, none is lost. */
@Tag("by-hand")
final class IngestAwayFaultIT extends FaultScene {
    private static final int RATE = 200;
    private static final Duration AWAY = Duration.ofSeconds(15);

    IngestAwayFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f03PublishersGoOnWhileItIsAway() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F03", RATE, "/a");
        run.flows(RATE);
        ingest.kill();
        run.awaitCaughtUp(0, AWAY);
        int arrived = callback.deliveries().size();
        callback.declareCrash();
        Pause.forMillis(AWAY.toMillis());
        assertThat(callback.deliveries()).as("nobody takes messages").hasSize(arrived);
        ingest.startAgain();
        run.healed();
        ingest.ready();
        run.flows((int) AWAY.toSeconds() * RATE);
        run.ends(unacknowledged(), Duration.ofSeconds(60));
    }
}
