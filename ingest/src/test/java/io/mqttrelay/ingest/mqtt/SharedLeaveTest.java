package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Route;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A replica that is stopped leaves its shared group, and ends its session only when nothing is left in it. */
class SharedLeaveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ManualControl control = new ManualControl();
    private final FakeBroker broker = new FakeBroker();
    private final MqttSourceTest.TestIntake intake = new MqttSourceTest.TestIntake();
    private MqttSource source;

    private void start(Route route) {
        source = new MqttSource(route, route.name(), broker, control, intake, control.clock, new SplittableRandom(1));
        control.execute(source::start);
        control.run();
    }

    private CompletableFuture<Void> stop(Route route) {
        start(route);
        CompletableFuture<Void> left = source.leaveGroup(PATIENCE);
        control.run();
        return left;
    }

    private boolean endsItsSession() {
        assertThat(source.quiesce()).isCompleted();
        var unused = source.disconnect();
        control.run();
        assertThat(broker.last().disconnected).isTrue();
        return broker.last().sessionEnded;
    }

    @Test
    void takesWhatTheSessionStillHasAndEndsIt() {
        CompletableFuture<Void> left = stop(TestRoutes.leaving("mqtt5", "group", "a/#"));
        assertThat(broker.last().unsubscribed).containsExactly("$share/group/a/#");
        control.pass(Duration.ofMillis(900));
        broker.last().publish("a/1", 1);
        control.pass(Duration.ofMillis(900));
        assertThat(left).as("a message came").isNotDone();
        control.pass(Duration.ofSeconds(2));
        assertThat(left).as("it is not stored").isNotDone();
        intake.received.forEach(Received::acknowledge);
        control.pass(Duration.ofMillis(100));
        assertThat(left).isDone();
        assertThat(endsItsSession()).isTrue();
    }

    @Test
    void keepsTheSessionWhenMessagesAreLeftAtTheDeadline() {
        CompletableFuture<Void> left = stop(TestRoutes.leaving("mqtt5", "group", "a/#"));
        broker.last().publish("a/1", 1);
        control.pass(PATIENCE);
        assertThat(left).isDone();
        assertThat(endsItsSession()).isFalse();
    }

    @Test
    void keepsTheSessionWhenTheBrokerDoesNotAnswer() {
        start(TestRoutes.leaving("mqtt5", "group", "a/#"));
        broker.delay = new CompletableFuture<>(); // UNSUBACK
        CompletableFuture<Void> left = source.leaveGroup(PATIENCE);
        control.pass(PATIENCE);
        assertThat(left).isDone();
        assertThat(endsItsSession()).isFalse();
    }

    @Test
    void keepsTheSessionWhenTheBrokerRefusesToUnsubscribe() {
        broker.keptFilters.add("$share/group/a/#");
        CompletableFuture<Void> left = stop(TestRoutes.leaving("mqtt5", "group", "a/#"));
        control.pass(Duration.ofMillis(100));
        assertThat(left).as("it does not wait in vain").isDone();
        assertThat(endsItsSession()).isFalse();
    }

    @Test
    void keepsTheSessionWhenAMessageComesInTheLastMoment() {
        CompletableFuture<Void> left = stop(TestRoutes.leaving("mqtt5", "group", "a/#"));
        control.pass(Duration.ofSeconds(2));
        assertThat(left).isDone();
        assertThat(source.quiesce()).isCompleted();
        broker.last().publish("a/1", 1);
        assertThat(endsItsSession()).isFalse();
    }

    @Test
    void keepsTheSessionWhenAMessageWasSkippedUnread() {
        CompletableFuture<Void> left = stop(TestRoutes.leaving("mqtt5", "group", "a/#"));
        control.pass(Duration.ofSeconds(2));
        assertThat(left).isDone();
        assertThat(source.quiesce()).isCompleted();
        assertThat(broker.last().events.takes(1)).isFalse();
        assertThat(endsItsSession()).isFalse();
    }

    @Test
    void staysInTheGroupUnlessTheRouteSaysSo() {
        assertThat(stop(TestRoutes.route("mqtt5", "group", "a/#"))).isDone();
        assertThat(broker.last().unsubscribed).isEmpty();
        assertThat(endsItsSession()).isFalse();
    }

    @Test
    void aRouteWithoutAConnectionKeepsItsSession() {
        broker.reachable = false;
        assertThat(stop(TestRoutes.leaving("mqtt5", "group", "a/#"))).isDone();
    }
}
