package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.ingest.mqtt.wire.Link;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A source whose route changes or is removed. */
class ChangedRouteTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ManualControl control = new ManualControl();
    private final FakeBroker broker = new FakeBroker();
    private final MqttSourceTest.TestIntake intake = new MqttSourceTest.TestIntake();

    private MqttSource started(Route route) {
        MqttSource source =
                new MqttSource(route, route.name(), broker, control, intake, control.clock, new SplittableRandom(1));
        control.execute(source::start);
        control.run();
        return source;
    }

    private void change(MqttSource source, String... filters) {
        control.execute(() -> source.change(TestRoutes.route(source.route().name(), null, filters)));
        control.run();
    }

    @Test
    void subscribesNewFiltersThenUnsubscribesRemovedOnes() {
        MqttSource source = started(TestRoutes.route("mqtt5"));
        change(source, "b/#", "c/#");
        assertThat(broker.links).hasSize(1);
        assertThat(broker.last().subscribed).containsExactly("a/#", "b/#", "c/#");
        assertThat(broker.last().unsubscribed).containsExactly("a/#");
        assertThat(intake.othersGone).isEqualTo(1);
        assertThat(source.problem()).isNull();
    }

    @Test
    void nothingIsUnsubscribedBeforeWhatIsNewIsGranted() {
        broker.refusedFilters.add("c/#");
        broker.code = 0x87;
        MqttSource source = started(TestRoutes.route("mqtt5"));
        change(source, "c/#");
        assertThat(broker.last().unsubscribed).isEmpty();
        assertThat(source.problem()).contains("c/#");

        broker.refusedFilters.clear();
        control.pass(Duration.ofMinutes(2));
        assertThat(broker.last().unsubscribed).containsExactlyInAnyOrder("a/#", "b/#");
        assertThat(source.problem()).isNull();
    }

    @Test
    void aFilterThatTheBrokerDoesNotEndIsAskedForAgain() {
        broker.keptFilters.add("a/#");
        MqttSource source = started(TestRoutes.route("mqtt5"));
        change(source, "c/#");
        assertThat(broker.last().unsubscribed).containsExactlyInAnyOrder("a/#", "b/#");
        assertThat(intake.othersGone).as("messages by it may still come").isZero();

        broker.keptFilters.clear();
        control.pass(Duration.ofMinutes(2));
        assertThat(broker.links).hasSize(1);
        assertThat(broker.last().unsubscribed).containsExactlyInAnyOrder("a/#", "b/#", "a/#");
        assertThat(intake.othersGone).isEqualTo(1);
    }

    @Test
    void filtersChangedDuringAnOutageApplyToTheNextConnection() {
        MqttSource source = started(TestRoutes.route("mqtt3"));
        broker.reachable = false;
        broker.last().cut(Link.Cause.OTHER);
        control.run();
        change(source, "c/#");
        broker.reachable = true;
        broker.sessionPresent = true;
        control.pass(Duration.ofMinutes(1));
        assertThat(broker.last().subscribed).containsExactly("c/#");
        assertThat(broker.last().unsubscribed).containsExactlyInAnyOrder("a/#", "b/#");
    }

    @Test
    void keepsAFilterThatReturnsBeforeItsUnsubscription() {
        broker.refusedFilters.add("c/#");
        broker.code = 0x87;
        MqttSource source = started(TestRoutes.route("mqtt5"));
        change(source, "c/#");
        change(source, "a/#");
        assertThat(broker.last().unsubscribed).containsExactlyInAnyOrder("b/#", "c/#");
        assertThat(source.problem()).isNull();
    }

    @Test
    void aRemovedSourceEndsAfterItsMessagesAndItsConnection() {
        MqttSource source = started(TestRoutes.route("mqtt5"));
        broker.last().publish("a/1", 1);
        CompletableFuture<Void> left = source.retire(PATIENCE);
        broker.last().publish("a/2", 1);
        control.pass(Duration.ofSeconds(1));
        assertThat(broker.last().disconnected).isFalse();
        assertThat(left).isNotDone();

        intake.received.get(0).acknowledge();
        control.pass(Duration.ofSeconds(1));
        assertThat(broker.last().acknowledged).containsExactly("a/1");
        assertThat(broker.last().disconnected).isTrue();
        assertThat(left).isDone();
        control.pass(Duration.ofHours(1));
        assertThat(broker.links).hasSize(1);
    }

    @Test
    void aSourceThatGoesIsNotDoneWhileAMessageOfItsIsOnItsWay() {
        MqttSource source = started(TestRoutes.route("mqtt5"));
        broker.last().publish("a/1", 1);
        CompletableFuture<Void> left = source.retire(PATIENCE);
        control.pass(Duration.ofSeconds(3));
        assertThat(broker.last().disconnected).isTrue();
        assertThat(left).isNotDone();
        intake.received.get(0).acknowledge();
        control.pass(Duration.ofSeconds(1));
        assertThat(left).isDone();
    }

    @Test
    void aSourceThatCannotConnectGoesAtOnce() {
        broker.reachable = false;
        MqttSource source = started(TestRoutes.route("mqtt5"));
        assertThat(source.retire(PATIENCE)).isDone();
    }
}
