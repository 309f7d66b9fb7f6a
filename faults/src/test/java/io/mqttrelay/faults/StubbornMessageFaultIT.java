package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that their callback always refuses, beside others of the same address that it accepts. */
final class StubbornMessageFaultIT extends NeighbourScene {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration LATER = Duration.ofSeconds(40);
    private static final String BACKOFF =
            "\"retry_backoff\": {\"initial\": \"200ms\", \"multiplier\": 1, \"jitter\": 0}";

    private final TestMessage poison = TestMessage.next();

    /** Accepts every message except the poison. */
    private Answer unlessPoison(Answer otherwise) {
        return exchange -> {
            if (exchange.request().bodyText().contains("\"" + poison.id() + "\"")) {
                otherwise.give(exchange);
            } else {
                exchange.answer(200, List.of(), new byte[0]);
            }
        };
    }

    private void arrives(FailingApp app, String topic, Duration atMost) {
        Sent sent = app.load().publish(topic, TestMessage.next().payload());
        Pause.until(atMost, () -> !app.missing().contains(sent.id()));
    }

    @Test
    @Tag("every-change")
    void b26OneMessageHangsOnAQuietCallback() {
        route("quiet", to("/quiet"));
        route("open", to("/open"), BACKOFF, "\"timeout\": \"300ms\"", "\"circuit_breaker\": {\"min_calls\": 3}");
        callback.on("/quiet", unlessPoison(Answer.hang()));
        callback.on("/open", unlessPoison(Answer.hang()));
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        FailingApp quiet = FailingApp.quiet(this, "quiet");
        FailingApp open = FailingApp.quiet(this, "open");
        arrives(quiet, "quiet/0", SOON);
        arrives(open, "open/0", SOON);

        quiet.load().publish("quiet/poison", poison.payload());
        open.load().publish("open/poison", poison.payload());
        Pause.forMillis(3000);
        arrives(quiet, "quiet/1", AT_ONCE);
        Pause.until(SOON, () -> dispatch.meter("relay_dispatch_breaker_state", "open") > 0);
        arrives(open, "open/1", AT_ONCE);
        arrives(open, "open/2", AT_ONCE);
        assertThat(quiet.dead()).isEmpty();
    }

    @ParameterizedTest
    @Tag("by-hand")
    @ValueSource(strings = {"topic", "none"})
    void b27HalfOfAThousandTopicsAlwaysGet500(String ordering) {
        neighbourKey("\"ordering\": \"" + ordering + "\"");
        goodCallback.on("/good", exchange -> {
            boolean bad = exchange.request().topic().contains("/bad/");
            exchange.answer(bad ? 500 : 200, List.of(), new byte[0]);
        });
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Neighbour neighbour = neighbour("B27 " + ordering, new Load.Shape(good + "/h", 500, 50, 100), good);
        neighbour.begin();

        Load bad = opened(Load.start(mosquitto.port(), new Load.Shape(good + "/bad", 500, 50, 100)));
        for (int second = 0; second < 20; second++) {
            Pause.forMillis(1000);
            assertThat(dispatch.meter("relay_dispatch_breaker_state", "")).isZero();
        }
        bad.stop();
        neighbour.feltNothing();
    }

    @Test
    @Tag("every-change")
    void b28OneMessageOfABatchFailsOrHangs() {
        String batch = "\"batch\": {\"max_messages\": 10, \"linger\": \"500ms\"}";
        for (String name : List.of("fails", "hangs")) {
            route(
                    name,
                    to("/" + name),
                    batch,
                    BACKOFF,
                    "\"retry\": 2",
                    "\"timeout\": \"1s\"",
                    "\"ordering\": \"none\"");
        }
        callback.on("/fails", unlessPoison(Answer.status(500)));
        callback.on("/hangs", unlessPoison(Answer.hang()));
        ingest().ready();
        dispatch().ready();
        List<FailingApp> apps = List.of(FailingApp.quiet(this, "fails"), FailingApp.quiet(this, "hangs"));
        for (FailingApp app : apps) {
            for (int i = 0; i < 10; i++) {
                app.load()
                        .publish(
                                app + "/0",
                                i == 4 ? poison.payload() : TestMessage.next().payload());
            }
        }

        for (FailingApp app : apps) {
            Pause.until(SOON, () -> app.missing().size() == 1);
            assertThat(app.missing()).containsExactly(poison.id());
        }
        for (FailingApp app : apps) {
            Pause.until(LATER, () -> {
                app.load()
                        .publish(
                                app + "/1",
                                TestMessage.next().payload()); // an accepted message makes the poison's failure count
                Pause.forMillis(500);
                return app.dead().size() == 1;
            });
            Pause.until(SOON, () -> app.missing().size() == 1);
        }
    }
}
