package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.net.TcpProxy;
import io.mqttrelay.testkit.net.TcpProxy.Direction;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code dispatch} dies at the worst moments: only deliveries in flight or not committed are repeated. */
@Tag("every-change")
final class DispatchCrashFaultIT extends FaultScene {
    private static final int KILLS = 3;
    private static final int IN_FLIGHT = 16;

    /** Upper limit of the time between two commits, even on a busy machine. */
    private static final Duration UNCOMMITTED = Duration.ofMillis(500);

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    DispatchCrashFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f04KilledWhileCallsAreOut() {
        route(to("/a", "/b"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F04", 150, "/a", "/b");
        int repeated = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            run.flows(100);
            CountDownLatch released = new CountDownLatch(1);
            int before = callback.requests("/a").size();
            int passed = callback.requests("/b").size();
            callback.on("/a", Answer.heldUntil(released, Answer.status(200)));
            callback.await("/a", before + IN_FLIGHT, Duration.ofSeconds(20)); // the in-flight limit is reached
            callback.await("/b", passed + 200, Duration.ofSeconds(20)); // far beyond the committed offset
            repeated += run.answeredWithin(UNCOMMITTED) + IN_FLIGHT;
            dispatch.kill();
            callback.on("/a", Answer.status(200));
            released.countDown();
            callback.declareCrash();
            dispatch.startAgain();
            run.healed();
            dispatch.ready();
        }
        run.flows(100);
        run.ends(repeated, RECOVERY);
    }

    @Test
    void f05KilledBetweenTheAnswerAndTheCommit() {
        route(to("/a"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F05", 150, "/a");
        run.flows(150);
        kafka.each(Listener.DISPATCH, proxy -> proxy.hold(Direction.TO_SERVER));
        int repeated = run.answeredWithin(UNCOMMITTED);
        int answered = callback.requests("/a").size();
        Pause.forMillis(1000); // fetched messages are answered, and no commit gets through
        repeated += callback.requests("/a").size() - answered;
        dispatch.kill();
        kafka.each(Listener.DISPATCH, TcpProxy::reset); // the commits that are held are gone
        kafka.each(Listener.DISPATCH, TcpProxy::pass);
        callback.declareCrash();
        dispatch.startAgain();
        run.healed();
        dispatch.ready();
        run.flows(100);
        run.ends(repeated, RECOVERY);
        assertThat(run.repeated())
                .as("what was answered and not committed comes twice")
                .isPositive();
    }

    @Test
    void f35StandsStillAndWakesUp() {
        route(to("/a"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        ingest().ready();
        RelayService first = dispatch().ready();
        RelayService second = dispatch().ready();
        Run run = run("F35", 100, "/a");
        run.flows(150);
        int repeated = run.answeredWithin(UNCOMMITTED) + IN_FLIGHT;
        first.process().suspend();
        callback.declareCrash();
        Pause.forMillis(15_000); // its session ends after six seconds
        run.flows(100);
        first.process().resume();
        run.healed();
        first.ready();
        second.ready();
        run.flows(100);
        run.ends(repeated, RECOVERY);
    }
}
