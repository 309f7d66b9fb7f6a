package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A callback is away for a while: its messages are late, none is lost, and no other callback is affected. */
final class CallbackDownFaultIT extends FaultScene {
    private static final int DOWN_MILLIS = 20_000;
    private static final int IN_FLIGHT = 16;

    /** The calls that a breaker looks at, and a probe every 15 s. */
    private static final int MOST_ATTEMPTS = 100 + IN_FLIGHT + DOWN_MILLIS / 15_000;

    /** The longest wait for a probe, the longest backoff of these rows, and 5 s. */
    private static final Duration RECOVERY = Duration.ofSeconds(15 + 16 + 5);

    CallbackDownFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    @Tag("every-change")
    void f24RefusesConnections() {
        TcpProxy front = opened(TcpProxy.to(callback.port()));
        route(addresses("http://127.0.0.1:" + front.port() + "/down", callback.url("/a")));
        route("\"max_in_flight\": " + IN_FLIGHT);
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F24", 100, "/down", "/a");
        run.flows(100);

        front.refuse();
        double before = attempts(dispatch, front.port());
        Promptness other = Promptness.of(dispatch, app, callback.port());
        Pause.forMillis(DOWN_MILLIS);
        double attempts = attempts(dispatch, front.port()) - before;
        double prompt = other.since();
        front.pass();
        run.healed();

        run.figure("attempts while it was down", attempts);
        run.figure("of the other callback's, prompt", prompt);
        run.ends(IN_FLIGHT, RECOVERY); // an answer that the refusal cut off
        assertThat(attempts).isPositive().isLessThanOrEqualTo(MOST_ATTEMPTS);
        assertThat(prompt).as("the other callback's, prompt").isGreaterThan(0.99);
        assertThat(run.dead()).isEmpty();
    }

    @Test
    @Tag("by-hand")
    void f25Hangs() {
        FullBacklog full = opened(FullBacklog.listen());
        TcpProxy front = opened(TcpProxy.to(callback.port()));
        String slow = "http://127.0.0.1:" + front.port();
        route(addresses(full.url("/full"), slow + "/silent", slow + "/half", callback.url("/a")));
        route("\"max_in_flight\": " + IN_FLIGHT);
        route("\"timeout\": \"3s\"");
        callback.on("/silent", Answer.hang());
        callback.on("/half", Answer.hangAfterHeaders(503));
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        double rebalances = dispatch.meter("kafka_consumer_coordinator_rebalance_total", "");
        int threads = ProcessStatus.of(dispatch).threads();
        Run run = run("F25", 100, "/full", "/silent", "/half", "/a");
        run.flows(100);

        Promptness other = Promptness.of(dispatch, app, callback.port());
        Pause.forMillis(DOWN_MILLIS);
        double prompt = other.since();
        int threadsNow = ProcessStatus.of(dispatch).threads();
        callback.on("/silent", Answer.status(200));
        callback.on("/half", Answer.status(200));
        full.close();
        opened(TcpProxy.on(full.port(), callback.port()));
        run.healed();

        run.figure("threads", List.of(threads, threadsNow));
        run.figure("of the other callback's, prompt", prompt);
        run.ends(0, RECOVERY);
        assertThat(prompt).as("the other callback's, prompt").isGreaterThan(0.99);
        assertThat(threadsNow).isLessThan(threads + 4 * IN_FLIGHT + 20);
        assertThat(dispatch.meter("kafka_consumer_coordinator_rebalance_total", ""))
                .as("nobody waited for a callback instead of polling")
                .isEqualTo(rebalances);
        assertThat(run.dead()).isEmpty();
    }

    @Test
    @Tag("every-change")
    void f26AnswersThatItCannot() {
        List<Integer> statuses = List.of(500, 502, 503, 504);
        String[] paths = {"/500", "/502", "/503", "/504", "/a"};
        route(to(paths));
        statuses.forEach(status -> callback.on("/" + status, Answer.status(status)));
        ingest().ready();
        dispatch().ready();
        Run run = run("F26", 100, paths);
        run.flows(100);

        Pause.forMillis(DOWN_MILLIS);
        statuses.forEach(status -> callback.on("/" + status, Answer.status(200)));
        run.healed();

        run.ends(0, RECOVERY);
        assertThat(run.dead()).as("an outage costs no message").isEmpty();
    }

    private static double attempts(RelayService dispatch, int port) {
        return dispatch.meter("relay_dispatch_attempt_seconds_count", ":" + port);
    }
}
