package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Exchange;
import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callbacks that are away, hang or ask for fewer calls: no message is lost, and no other app is affected. */
final class OutageFaultIT extends NeighbourScene {
    private static final String BACKOFF =
            "\"retry_backoff\": {\"initial\": \"200ms\", \"multiplier\": 2, \"max\": \"5s\"}";
    private static final String NO_RETRY = "\"retry\": 0";

    /** The wait between two probes, the longest backoff, and the backlog. */
    private static final Duration RECOVERY = Duration.ofSeconds(15 + 5 + 30);

    /** Calls of this callback that are accepted in each second of the clock. */
    private static final int ACCEPTED_PER_SECOND = 100;

    private final List<FailingApp> apps = new ArrayList<>();
    private long second;
    private int inSecond;

    private void app(TcpProxy front, String name, String... keys) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.add(BACKOFF);
        all.add(FaultScene.addresses("http://127.0.0.1:" + front.port() + "/" + name));
        route(name, all.toArray(String[]::new));
    }

    private TcpProxy appsOfEveryKind() {
        TcpProxy front = opened(TcpProxy.to(callback.port()));
        app(front, "topic");
        app(front, "thousand");
        app(front, "order", "\"ordering\": \"app\"");
        app(front, "noretry", NO_RETRY);
        app(front, "nobreaker", NO_RETRY, "\"circuit_breaker\": false");
        app(front, "held", NO_RETRY, "\"hold_for\": \"3s\"");
        app(front, "single");
        return front;
    }

    private void publish() {
        apps.add(new FailingApp(this, "topic", 1, 2));
        apps.add(new FailingApp(this, "thousand", 1000, 60));
        apps.add(new FailingApp(this, "order", 5, 5));
        apps.add(new FailingApp(this, "noretry", 50, 10));
        apps.add(new FailingApp(this, "nobreaker", 50, 10));
        apps.add(new FailingApp(this, "held", 100, 20));
        apps.add(FailingApp.quiet(this, "single"));
    }

    private void outage(String row, Duration outage, boolean restart) {
        TcpProxy front = appsOfEveryKind();
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Neighbour neighbour = neighbour(row);
        neighbour.begin();
        publish();
        callback.await("/thousand", 50, RECOVERY);

        long cutAtNanos = System.nanoTime();
        front.refuse();
        apps.get(apps.size() - 1).load().publish("single/0", TestMessage.next().payload());
        Pause.forMillis(outage.toMillis() / 2);
        if (restart) {
            dispatch.kill();
            dispatch.startAgain();
        }
        Pause.forMillis(outage.toMillis() / 2);
        apps.forEach(FailingApp::stop);
        if (restart) {
            neighbour.close();
        } else {
            neighbour.feltNothing();
        }
        front.pass();
        apps.forEach(app -> app.getsEverything(RECOVERY));
        if (!restart) {
            apps.forEach(app -> app.getsNothingTwice(cutAtNanos));
        }
    }

    @Test
    @Tag("by-hand")
    void b15AnOutageOfHalfAMinute() {
        outage("B15", Duration.ofSeconds(30), false);
    }

    @Test
    @Tag("by-hand")
    void b15ARestartInTheMiddle() {
        outage("B15 restart", Duration.ofSeconds(20), true);
    }

    @Test
    @Tag("by-hand")
    void b15AnOutageOfTenMinutes() {
        outage("B15 long", Duration.ofMinutes(10), false);
    }

    @Test
    @Tag("by-hand")
    void b15OneMessageHangsAndOneCallbackIsOverloaded() {
        route("hangs", to("/hangs"), BACKOFF, "\"ordering\": \"app\"", "\"hold_for\": \"20s\"", "\"timeout\": \"1s\"");
        route("busy", to("/busy"), "\"retry\": 2");
        String poison = TestMessage.next().id();
        callback.on("/hangs", exchange -> {
            if (exchange.request().bodyText().contains("\"" + poison + "\"")) {
                exchange.hang();
            } else {
                exchange.answer(200, List.of(), new byte[0]);
            }
        });
        callback.on("/busy", this::takeAHundred);
        ingest().ready();
        dispatch().ready();
        Neighbour neighbour = neighbour("B15 hang and overload");
        neighbour.begin();

        FailingApp hangs = FailingApp.quiet(this, "hangs");
        Sent bad =
                hangs.load().publish("hangs/0", ("{\"test-id\":\"" + poison + "\"}").getBytes(StandardCharsets.UTF_8));
        FailingApp busy = new FailingApp(this, "busy", 200, 150);
        long began = System.nanoTime();
        for (int i = 1; i <= 20; i++) {
            hangs.load().publish("hangs/" + i, TestMessage.next().payload());
        }
        Pause.forMillis(20_000);
        busy.stop();
        busy.getsEverything(RECOVERY);
        double perSecond = busy.accepted().size() * 1e9 / (System.nanoTime() - began);
        Pause.until(RECOVERY, () -> hangs.missing().size() == 1);
        neighbour.feltNothing();

        Result result = new Result("B15 overload", Mutant.NONE);
        result.figure("accepted per second", perSecond);
        result.figure("calls", callback.requests("/busy").size());
        result.figure("messages", busy.load().sent().size());
        result.write(true);
        assertThat(perSecond).isBetween(0.7 * ACCEPTED_PER_SECOND, 1.1 * ACCEPTED_PER_SECOND);
        assertThat(hangs.missing()).containsExactly(bad.id());
        assertThat(hangs.dead())
                .singleElement()
                .satisfies(letter ->
                        assertThat(Run.text(letter, "relay-dead-reason")).isEqualTo("retries_exhausted"));
    }

    private synchronized void takeAHundred(Exchange exchange) throws IOException {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        inSecond = now == second ? inSecond + 1 : 1;
        second = now;
        exchange.answer(inSecond <= ACCEPTED_PER_SECOND ? 200 : 429, List.of(), new byte[0]);
    }
}
