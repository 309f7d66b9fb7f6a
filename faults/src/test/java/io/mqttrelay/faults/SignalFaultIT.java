package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signals, at bad moments and more than one: a service ends in time or continues, and never hangs. */
@Tag("every-change")
final class SignalFaultIT extends FaultScene {
    private static final int IN_FLIGHT = 16;

    /** {@code shutdown_grace}, and the time in which a JVM ends. */
    private static final Duration GRACE = Duration.ofSeconds(30 + 3);

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    SignalFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f08StoppedWhileEverythingHangs() {
        route(to("/a"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        RelayService ingest = ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F08", 100, "/a");
        run.flows(200);
        callback.on("/a", Answer.hang());
        run.flows(IN_FLIGHT);
        run.awaitStill();
        int repeated = run.answeredWithin(Duration.ofSeconds(1)) + IN_FLIGHT;
        kafka.each(Listener.INGEST, TcpProxy::blackHole);
        kafka.each(Listener.DISPATCH, TcpProxy::blackHole);
        Pause.forMillis(1000);

        long begin = System.nanoTime();
        ingest.process().signal("TERM");
        dispatch.process().signal("TERM");
        int dispatchCode = dispatch.process().awaitExit(GRACE);
        int ingestCode = ingest.process().awaitExit(GRACE);
        run.figure("both ended after ms", (System.nanoTime() - begin) / 1_000_000);
        run.figure("exit codes", List.of(ingestCode, dispatchCode));

        kafka.each(Listener.INGEST, TcpProxy::pass);
        kafka.each(Listener.DISPATCH, TcpProxy::pass);
        callback.on("/a", Answer.status(200));
        callback.declareCrash();
        ingest.startAgain();
        dispatch.startAgain();
        ingest.ready();
        dispatch.ready();
        run.healed();
        run.flows(100);
        run.ends(repeated + unacknowledged(), RECOVERY);
        assertThat(List.of(ingestCode, dispatchCode)).allMatch(code -> code == 0 || code == 1);
    }

    @Test
    void f09SignalsOfOtherKinds() {
        route(to("/a"));
        RelayService ingest = ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F09", 100, "/a");
        run.flows(100);
        for (int i = 0; i < 10; i++) {
            ingest.process().signal("HUP");
            dispatch.process().signal("HUP");
            run.flows(10);
        }
        assertThat(ingest.isReady() && dispatch.isReady()).as("both go on").isTrue();

        ingest.process().signal("INT");
        assertThat(ingest.process().awaitExit(GRACE)).isZero();
        ingest.startAgain();
        ingest.ready();
        run.flows(50);

        callback.on("/a", Answer.hang());
        run.flows(1); // so that there is something to wait for
        int repeated = run.answeredWithin(Duration.ofSeconds(1));
        dispatch.process().signal("TERM");
        Pause.forMillis(1000);
        assertThat(dispatch.process().isAlive()).as("waits for its calls").isTrue();
        dispatch.process().signal("TERM");
        assertThat(dispatch.process().awaitExit(Duration.ofSeconds(3))).isEqualTo(1);
        callback.declareCrash();
        callback.on("/a", Answer.status(200));
        dispatch.startAgain();
        dispatch.ready();
        run.healed();
        run.flows(50);
        run.ends(repeated, RECOVERY);
    }
}
