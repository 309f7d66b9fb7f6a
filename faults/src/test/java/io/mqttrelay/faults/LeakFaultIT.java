package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After ten rounds of every fault that a process survives, it holds no more than before: I5. */
@Tag("by-hand")
final class LeakFaultIT extends FaultScene {
    private static final int CYCLES = 10;
    private static final int WARM_UP = 3;
    private static final int IN_FLIGHT = 4;
    private static final int ADDRESSES = 2;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private TcpProxy front;

    LeakFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    /** The resources of a process. */
    private record Held(ProcessStatus status, long heap) {}

    @Test
    void i05NothingIsLeftBehind() {
        front = opened(TcpProxy.to(callback.port()));
        route(addresses("http://127.0.0.1:" + front.port() + "/front", callback.url("/a")));
        route("\"retry\": 100, \"retry_backoff\": {\"initial\": \"100ms\", \"max\": \"1s\"}, \"max_in_flight\": "
                + IN_FLIGHT);
        route("\"circuit_breaker\": false"); // a round is not to last until the next probe
        List<RelayService> services = List.of(ingest().ready(), dispatch().ready());
        Run run = run("I5", 50, "/front", "/a");
        int repeated = cycles(run, services, WARM_UP);
        List<Held> before = held(run, services);
        repeated += cycles(run, services, CYCLES);
        List<Held> after = held(run, services);
        run.figure("before", before.toString());
        run.figure("after", after.toString());
        run.healed();
        run.ends(repeated + ADDRESSES * unacknowledged(), RECOVERY);
        for (int i = 0; i < services.size(); i++) {
            Held was = before.get(i);
            assertThat(after.get(i)).as("after %s", was).satisfies(is -> {
                assertThat(is.status().threads())
                        .isLessThanOrEqualTo(was.status().threads() + 3);
                assertThat(is.status().descriptors())
                        .isLessThanOrEqualTo(was.status().descriptors() + 10);
                assertThat(is.heap()).isLessThanOrEqualTo(was.heap() + was.heap() / 10);
            });
        }
    }

    /**
     * Runs this many rounds; each fault happens once per round.
     *
     * @return the deliveries that may be repeated
     */
    private int cycles(Run run, List<RelayService> services, int cycles) {
        int repeated = 0;
        for (int cycle = 0; cycle < cycles; cycle++) {
            mqtt.blackHole();
            run.awaitCaughtUp(0, RECOVERY);
            callback.declareCrash(); // messages that ingest could not acknowledge come again
            mqtt.reset();
            mqtt.pass();
            run.flows(20);
            kafka.each(Listener.INGEST, TcpProxy::reset);
            run.flows(20);
            repeated += run.answeredWithin(Duration.ofMillis(500));
            kafka.each(Listener.DISPATCH, TcpProxy::reset);
            run.flows(20);
            repeated += IN_FLIGHT;
            front.reset(); // answers in transit are lost
            callback.on("/front", Answer.status(503));
            run.flows(20);
            callback.on("/front", Answer.status(200));
            run.flows(20);
            await().atMost(RECOVERY).until(() -> services.get(0).meter("relay_ingest_unacked{", app) < 20);
        }
        return repeated;
    }

    private List<Held> held(Run run, List<RelayService> services) {
        run.awaitCaughtUp(50, RECOVERY);
        List<Held> held = new ArrayList<>();
        for (RelayService service : services) {
            long heap = LiveHeap.bytes(folder, service);
            held.add(new Held(ProcessStatus.of(service), heap));
        }
        return held;
    }
}
