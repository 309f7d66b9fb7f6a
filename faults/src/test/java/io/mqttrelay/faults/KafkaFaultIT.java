package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kafka loses brokers: the relay waits, and repeats no delivery that it knows to be complete. */
final class KafkaFaultIT extends FaultScene {
    private static final int RATE = 150;
    private static final int FLOW = 150;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    KafkaFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    private Run flowing(String row) {
        ingest().ready();
        dispatch().ready();
        Run run = run(row, RATE, "/a");
        run.flows(FLOW);
        return run;
    }

    @Test
    @Tag("every-change")
    void f10ABrokerDiesAndComesBack() {
        Run run = flowing("F10");
        kafka.kill(1); // leads a third of the partitions, and perhaps the group
        run.flows(FLOW);
        kafka.startAll();
        run.healed();
        run.flows(FLOW * 5); // in which it becomes a leader again
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f11ABrokerIsLostForGood() {
        Run run = flowing("F11");
        kafka.kill(2);
        run.healed();
        run.flows(FLOW * 10);
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f12NothingIsAcknowledgedWhileTooFewBrokersAreLeft() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F12", RATE, "/a");
        run.flows(FLOW);
        kafka.kill(1);
        kafka.kill(2);
        Pause.forMillis(3000); // all calls in flight have ended
        double stored = ingest.meter("relay_ingest_stored_total", app);
        Pause.forMillis(10_000);
        assertThat(ingest.meter("relay_ingest_stored_total", app)).isEqualTo(stored);
        assertThat(ingest.meter("relay_ingest_unacked", app)).isPositive();
        assertThat(ingest.isReady()).as("ready without Kafka").isFalse();
        kafka.startAll();
        run.healed();
        ingest.ready();
        run.flows(FLOW);
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f13BrokersAreRestartedOneAfterTheOther() {
        Run run = flowing("F13");
        for (int node = 1; node <= KafkaCluster.NODES; node++) {
            kafka.stop(node);
            run.flows(FLOW);
            kafka.startAll();
            run.flows(FLOW);
        }
        run.healed();
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f14ABrokerStandsStill() {
        Run run = flowing("F14");
        kafka.suspend(1);
        Pause.forMillis(14_000);
        kafka.resume(1);
        run.healed();
        run.flows(FLOW);
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f15AllBrokersDieAtOnce() {
        Run run = flowing("F15");
        for (int node = 1; node <= KafkaCluster.NODES; node++) {
            kafka.kill(node);
        }
        kafka.startAll();
        run.healed();
        run.flows(FLOW);
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("every-change")
    void f20NothingMovesBetweenIngestAndKafka() {
        Run run = flowing("F20 ingest");
        kafka.each(Listener.INGEST, TcpProxy::blackHole);
        Pause.forMillis(20_000);
        kafka.each(Listener.INGEST, TcpProxy::pass);
        run.healed();
        run.flows(FLOW);
        run.ends(0, RECOVERY);
    }

    @Test
    @Tag("every-change")
    void f20NothingMovesBetweenDispatchAndKafka() {
        route(to("/a"));
        route("\"max_in_flight\": 16");
        Run run = flowing("F20 dispatch");
        kafka.each(Listener.DISPATCH, TcpProxy::blackHole);
        run.awaitStill();
        Pause.forMillis(15_000); // its session ends after six seconds
        callback.declareCrash();
        kafka.each(Listener.DISPATCH, TcpProxy::pass);
        run.healed();
        run.flows(FLOW);
        run.ends(RATE * 2, RECOVERY);
    }

    @Test
    @Tag("by-hand")
    void f22TheNetworkIsSlow() {
        Run run = flowing("F22");
        kafka.each(Listener.INGEST, proxy -> proxy.latency(Duration.ofMillis(100)));
        kafka.each(Listener.DISPATCH, proxy -> proxy.latency(Duration.ofMillis(100)));
        run.flows(FLOW * 10);
        kafka.each(Listener.INGEST, TcpProxy::pass);
        kafka.each(Listener.DISPATCH, TcpProxy::pass);
        run.healed();
        run.ends(0, RECOVERY);
    }
}
