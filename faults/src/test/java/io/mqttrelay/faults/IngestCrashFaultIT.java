package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.net.TcpProxy;
import io.mqttrelay.testkit.net.TcpProxy.Direction;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ingest} dies at the worst moments: messages that it has not acknowledged come again, and none is lost. */
@Tag("every-change")
final class IngestCrashFaultIT extends FaultScene {
    private static final int KILLS = 3;

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    IngestCrashFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f01KilledUnderLoad() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F01", 150, "/a");
        for (int kill = 0; kill < KILLS; kill++) {
            run.flows(150);
            ingest.kill();
            run.awaitCaughtUp(0, RECOVERY);
            callback.declareCrash();
            ingest.startAgain();
            run.healed();
            ingest.ready();
        }
        run.flows(150);
        run.ends(unacknowledged(), RECOVERY);
    }

    @Test
    void f01KilledWhileKafkaDoesNotAnswer() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F01 Kafka away", 150, "/a");
        run.flows(150);
        kafka.each(Listener.INGEST, TcpProxy::blackHole);
        Pause.forMillis(3000); // messages that it takes now are nowhere else
        ingest.kill();
        kafka.each(Listener.INGEST, TcpProxy::reset);
        kafka.each(Listener.INGEST, TcpProxy::pass);
        run.awaitCaughtUp(0, RECOVERY);
        callback.declareCrash();
        ingest.startAgain();
        run.healed();
        ingest.ready();
        run.ends(unacknowledged(), RECOVERY);
    }

    @Test
    void f02KilledBetweenKafkaAndTheAcknowledgement() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F02", 100, "/a");
        run.flows(100);
        mqtt.hold(Direction.TO_SERVER);
        run.flows(10); // stored and delivered, while their acknowledgements are held
        run.load().stop();
        int arrived = run.awaitStill();
        ingest.kill();
        mqtt.reset(); // the acknowledgements that are held are gone
        mqtt.pass();
        run.awaitCaughtUp(0, RECOVERY);
        callback.declareCrash();
        int before = callback.deliveries().size();
        ingest.startAgain();
        run.healed();
        ingest.ready();
        assertThat(arrived).isPositive();
        Pause.until(RECOVERY, () -> callback.deliveries().size() > before); // all had arrived before: these come twice
        run.awaitStill();
        run.ends(unacknowledged(), RECOVERY);
        assertThat(run.repeated()).as("what was not acknowledged comes twice").isPositive();
    }
}
