package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator stops a service under load: it ends soon, with 0, and repeats no delivery. */
@Tag("every-change")
final class ShutdownFaultIT extends FaultScene {
    private static final int ROUNDS = 3;

    private static final Duration GRACE = Duration.ofSeconds(15);

    ShutdownFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f07DispatchIsStoppedUnderLoad() {
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F07 dispatch", 150, "/a");
        for (int round = 0; round < ROUNDS; round++) {
            run.flows(150);
            assertThat(dispatch.process().terminate(GRACE))
                    .as(dispatch::toString)
                    .isZero();
            dispatch.startAgain();
            dispatch.ready();
        }
        run.healed();
        run.flows(150);
        run.ends(0, Duration.ofSeconds(60));
    }

    @Test
    void f07IngestIsStoppedUnderLoad() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F07 ingest", 150, "/a");
        for (int round = 0; round < ROUNDS; round++) {
            run.flows(150);
            assertThat(ingest.process().terminate(GRACE)).as(ingest::toString).isZero();
            run.awaitCaughtUp(0, GRACE);
            callback.declareCrash();
            ingest.startAgain();
            ingest.ready();
        }
        run.healed();
        run.flows(150);
        run.ends(unacknowledged(), Duration.ofSeconds(60));
    }
}
