package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.wire.Link;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A disabled route's session is told once, and not for longer than the route is disabled. */
class UnsubscriberTest {
    private final ManualControl control = new ManualControl();
    private final FakeBroker broker = new FakeBroker();
    private final Unsubscriber unsubscriber =
            new Unsubscriber(TestRoutes.route("mqtt5"), broker, control, new SplittableRandom(1));

    private void start() {
        broker.sessionPresent = true;
        control.execute(unsubscriber::start);
        control.run();
    }

    @Test
    void aSessionThatIsThereIsToldOnce() {
        start();
        assertThat(broker.last().unsubscribed).containsExactly("a/#", "b/#");
        assertThat(broker.last().disconnected).isTrue();

        control.pass(Duration.ofMinutes(10));
        assertThat(broker.links).hasSize(1);
    }

    @Test
    void oneThatWasStoppedWhileItConnectedTouchesNothing() {
        broker.delay = new CompletableFuture<>();
        start();
        control.execute(unsubscriber::stop);
        control.run();
        broker.delay.complete(null);
        control.pass(Duration.ofMinutes(10));

        assertThat(broker.links).hasSize(1);
        assertThat(broker.last().unsubscribed).isEmpty();
    }

    @Test
    void aConnectionThatBreaksBeforeTheAnswerIsTriedAgain() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        startedAndAsked(never);
        broker.last().cut(Link.Cause.OTHER);
        broker.delay = null;
        control.pass(Duration.ofSeconds(5));

        assertThat(broker.links).hasSize(2);
        assertThat(broker.last().unsubscribed).containsExactly("a/#", "b/#");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsTriedAgain() {
        startedAndAsked(new CompletableFuture<>());
        broker.delay = null;
        control.pass(Duration.ofMinutes(1));

        assertThat(broker.links).hasSize(2);
        assertThat(broker.links.get(0).disconnected).isTrue();
    }

    @Test
    void aRefusalIsNoSuccess() {
        broker.keptFilters.add("b/#");
        start();
        broker.keptFilters.clear();
        control.pass(Duration.ofSeconds(5));
        assertThat(broker.links).hasSize(2);
        assertThat(broker.last().unsubscribed).containsExactly("a/#", "b/#");

        control.pass(Duration.ofMinutes(10));
        assertThat(broker.links).hasSize(2);
    }

    /** UNSUBSCRIBE goes out, and its answer is this. */
    private void startedAndAsked(CompletableFuture<Void> answer) {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        broker.delay = connected;
        start();
        broker.delay = answer;
        connected.complete(null);
        control.run();
        assertThat(broker.last().unsubscribed).containsExactly("a/#", "b/#");
    }
}
