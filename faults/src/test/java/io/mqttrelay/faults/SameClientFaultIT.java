package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A second ingest with the client id of the first: the broker closes one's connection for the other's. */
@Tag("by-hand")
final class SameClientFaultIT extends FaultScene {
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    SameClientFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f50TwoIngestsWithOneClientIdLoseNothingAndSaySo() {
        RelayService first = ingest().ready();
        dispatch().ready();
        Run run = run("F50", 50, "/a");
        run.mqttBreaks();
        run.flows(50);
        RelayService second = ingest();
        Pause.forMillis(20_000);
        String said = first.process().output() + second.process().output();
        second.process().terminate(Duration.ofSeconds(15));
        run.healed();
        run.ends(unacknowledged(), RECOVERY);
        assertThat(said).contains("client id");
        assertThat(first.process().isAlive()).isTrue();
    }
}
