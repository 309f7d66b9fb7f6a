package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Services are replaced by another version under load, one after another, and back again: each service of one version
 * works with the other service of the other version. The other version is a distribution in the folder {@code
 * RELAY_OTHER_VERSION}, for {@code .ci/run} that of the commit before; without one the row is skipped.
 */
@Tag("every-change")
final class UpgradeFaultIT extends FaultScene {
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final int RATE = 150;
    private static final int FLOW = 150;

    UpgradeFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f57ServicesAreReplacedByAnotherVersionAndBack() {
        String folder = System.getenv().getOrDefault("RELAY_OTHER_VERSION", "");
        assumeTrue(!folder.isEmpty(), "RELAY_OTHER_VERSION names no distribution of another version");
        Path other = Path.of(folder, "bin", "relay");
        assertThat(Files.isExecutable(other)).as("%s", other).isTrue();
        Path present = RelayService.launcher();
        RelayService ingest = ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F57", RATE, "/a");
        run.flows(FLOW);
        replaceDispatch(run, dispatch, other);
        replaceIngest(run, ingest, other);
        replaceDispatch(run, dispatch, present);
        replaceIngest(run, ingest, present);
        run.healed();
        run.flows(FLOW);
        run.ends(unacknowledged(), Duration.ofSeconds(60));
    }

    private static void replaceDispatch(Run run, RelayService dispatch, Path version) {
        assertThat(dispatch.process().terminate(GRACE)).as(dispatch::toString).isZero();
        dispatch.startAgainAs(version).ready();
        run.flows(FLOW);
    }

    private void replaceIngest(Run run, RelayService ingest, Path version) {
        assertThat(ingest.process().terminate(GRACE)).as(ingest::toString).isZero();
        run.awaitCaughtUp(0, GRACE);
        callback.declareCrash();
        ingest.startAgainAs(version).ready();
        run.flows(FLOW);
    }
}
