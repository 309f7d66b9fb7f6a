package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MqttSourceTest {
    private final ManualControl control = new ManualControl();
    private final FakeBroker broker = new FakeBroker();
    private final TestIntake intake = new TestIntake();
    private MqttSource source;

    /** Keeps all messages; throws once at a message if a test asks for it. */
    static final class TestIntake implements MqttSource.Intake {
        final List<Received> received = new ArrayList<>();
        String throwsOnceAt = "";
        /** What happens on another thread while a message is handed over. */
        Runnable meanwhile = () -> {};

        int ended;
        int missed;
        int othersGone;

        @Override
        public void accept(Received message) {
            if (message.publish().topic().equals(throwsOnceAt)) {
                throwsOnceAt = "";
                throw new IllegalStateException("a bug");
            }
            meanwhile.run();
            received.add(message);
        }

        @Override
        public void missed(Publish publish) {
            missed++;
        }

        @Override
        public void connectionEnded() {
            ended++;
        }

        @Override
        public void othersGone() {
            othersGone++;
        }

        List<String> topics() {
            return received.stream().map(each -> each.publish().topic()).toList();
        }
    }

    @BeforeEach
    void start() {
        start(TestRoutes.route("mqtt5"));
    }

    private void start(Route route) {
        source = new MqttSource(route, route.name(), broker, control, intake, control.clock, new SplittableRandom(1));
        control.execute(source::start);
        control.run();
    }

    @Test
    void isFineOnceConnectedAndSubscribed() {
        assertThat(source.problem()).isNull();
        assertThat(source.connected()).isTrue();
        assertThat(broker.last().subscribed).containsExactly("a/#", "b/#");
        assertThat(broker.last().sendRetained).isTrue();
    }

    @Test
    void inMqtt3AFilterGrantedWithALowerQosIsNotRequestedAgain() {
        broker.code = 0;
        broker.refusedFilters.add("a/#");
        start(TestRoutes.route("mqtt3"));
        control.pass(Duration.ofHours(1));

        assertThat(source.problem()).contains("granted a/# QoS 0 only");
        assertThat(broker.last().subscribed)
                .as("each SUBSCRIBE brings all retained messages")
                .containsExactly("a/#", "b/#");
    }

    @Test
    void triesTheAddressesInTurnAndWaitsLongerEachTime() {
        broker.reachable = false;
        broker.last().cut(Link.Cause.OTHER);
        control.run();
        assertThat(source.problem()).contains("one:1883").contains("cut");
        control.pass(Duration.ofSeconds(2));
        assertThat(broker.links).extracting(link -> link.address.host()).startsWith("one", "two", "one");
        int before = broker.links.size();
        control.pass(Duration.ofMinutes(10));
        assertThat(broker.links.size() - before).isBetween(15, 35); // every half minute by now, give or take a quarter
        broker.reachable = true;
        control.pass(Duration.ofSeconds(40));
        assertThat(source.problem()).isNull();
    }

    @Test
    void connectsAfterTheMessagesOfTheOldConnectionAreSettled() {
        broker.last().publish("a/1", 1);
        broker.last().publish("a/2", 1);
        broker.last().cut(Link.Cause.BROKER);
        control.pass(Duration.ofMinutes(5));
        assertThat(broker.links).hasSize(1);
        assertThat(intake.ended).isOne();

        intake.received.get(0).acknowledge();
        control.pass(Duration.ofMinutes(1));
        assertThat(broker.links).hasSize(1);

        intake.received.get(1).release();
        control.run();
        assertThat(broker.links).hasSize(2);
        assertThat(broker.links.get(0).acknowledged)
                .as("the client forgets only what is acknowledged; nothing leaves on a closed connection")
                .containsExactly("a/1", "a/2");
    }

    @Test
    void onlyMessagesOfADeadConnectionWithAKeptSessionComeAgain() {
        broker.last().publish("a/0", 0);
        broker.last().publish("a/1", 1);
        assertThat(intake.received).noneMatch(Received::comesAgain);
        broker.last().cut(Link.Cause.BROKER);
        control.run();
        assertThat(intake.received.get(0).comesAgain()).isFalse();
        assertThat(intake.received.get(1).comesAgain()).isTrue();
    }

    @Test
    void aMessageThatCannotBeTakenComesAgainOverANewConnection() {
        intake.throwsOnceAt = "a/k";
        broker.last().publish("a/1", 1);
        broker.last().publish("a/k", 1);
        control.run();
        assertThat(broker.last().disconnected).isTrue();
        assertThat(broker.last().acknowledged).isEmpty();
        intake.received.forEach(Received::release);
        control.pass(Duration.ofSeconds(1));

        assertThat(broker.links).hasSize(2);
        broker.last().publish("a/1", 1);
        broker.last().publish("a/k", 1);
        assertThat(intake.topics()).containsExactly("a/1", "a/1", "a/k");
    }

    @Test
    void abandonsAConnectionThatDoesNotCloseWithItsMessages() {
        broker.last().closes = false;
        intake.throwsOnceAt = "a/k";
        broker.last().publish("a/1", 1);
        broker.last().publish("a/k", 1);
        control.pass(Duration.ofSeconds(14));
        assertThat(broker.links).hasSize(1);
        control.pass(Duration.ofSeconds(2));
        intake.received.forEach(Received::release);
        control.pass(Duration.ofSeconds(1));
        assertThat(broker.links).hasSize(2);
        assertThat(broker.links.get(0).acknowledged).isEmpty();
    }

    @Test
    void aRefusedFilterIsNamedAndAskedForAgain() {
        broker.code = 0x87;
        broker.refusedFilters.add("b/#");
        broker.last().cut(Link.Cause.BROKER);
        control.pass(Duration.ofSeconds(1));
        assertThat(source.problem()).contains("b/#").contains("0x87").doesNotContain("a/#");
        assertThat(source.connected()).isTrue();

        broker.refusedFilters.clear();
        control.pass(Duration.ofSeconds(3));
        assertThat(source.problem()).isNull();
        assertThat(broker.links).hasSize(2);
        assertThat(broker.last().subscribed).containsExactly("a/#", "b/#", "b/#");
    }

    @Test
    void aLowerQosThanAskedForIsAProblem() {
        broker.code = 0;
        broker.refusedFilters.add("a/#");
        broker.last().cut(Link.Cause.BROKER);
        control.pass(Duration.ofSeconds(1));
        assertThat(source.problem()).contains("a/#").contains("QoS 0 only, not 1");
    }

    @Test
    void aForgottenSessionIsCountedAndAKeptOneIsNot() {
        broker.sessionPresent = true;
        broker.last().cut(Link.Cause.BROKER);
        control.pass(Duration.ofSeconds(1));
        assertThat(source.sessionsLost()).isZero();
        broker.sessionPresent = false;
        broker.last().cut(Link.Cause.BROKER);
        control.pass(Duration.ofSeconds(1));
        assertThat(source.sessionsLost()).isOne();
        assertThat(source.problem()).isNull();
    }

    @Test
    void namesATakeoverAndReconnectsWithLongerAndLongerDelays() {
        for (int second = 0; second < 600; second++) {
            if (source.connected()) {
                broker.last().cut(Link.Cause.TAKEN_OVER);
            }
            control.pass(Duration.ofSeconds(1));
            assertThat(source.problem()).contains("another client uses the client id");
        }
        assertThat(broker.links).hasSizeBetween(10, 20);
        assertThat(source.takenOver()).isBetween(9L, 20L);
        control.pass(Duration.ofSeconds(80));
        control.pass(Duration.ofMinutes(2));
        assertThat(source.problem()).as("undisputed for a minute").isNull();
    }

    @Test
    void inMqtt3ConnectionsThatCloseAtOnceSuggestATakeover() {
        for (int i = 0; i < 3; i++) {
            broker.last().cut(Link.Cause.BROKER);
            control.pass(Duration.ofSeconds(3));
        }
        assertThat(source.problem()).contains("does another client use the client id");
        assertThat(source.takenOver()).isOne();
    }

    @Test
    void inMqtt3AKeptSessionIsNotSubscribedTwiceByTheSameProcess() {
        start(TestRoutes.route("mqtt3"));
        broker.sessionPresent = true;
        broker.last().cut(Link.Cause.OTHER);
        control.pass(Duration.ofSeconds(1));
        assertThat(broker.last().subscribed).isEmpty();
        assertThat(source.problem()).isNull();
    }

    @Test
    void anIdleRouteStaysConnected() {
        burst();
        intake.received.forEach(Received::acknowledge);
        control.pass(Duration.ofHours(30));
        assertThat(broker.links).hasSize(1);
    }

    @Test
    void replacesAClientThatKeepsReadMessagesWithoutAFailure() {
        burst();
        intake.received.forEach(Received::acknowledge);
        control.pass(Duration.ofMinutes(9));
        broker.last().swallow();
        control.pass(Duration.ofSeconds(55));
        assertThat(broker.links).hasSize(1);
        broker.sessionPresent = true;
        control.pass(Duration.ofSeconds(11));
        assertThat(broker.links)
                .extracting(link -> link.address.host())
                .as("the same address: nothing is wrong with it")
                .containsExactly("one", "one");
        assertThat(source.problem()).as("without a wait").isNull();
        assertThat(source.sessionsLost()).isZero();
        control.pass(Duration.ofHours(1));
        assertThat(broker.links).as("silence itself is no reason").hasSize(2);
    }

    @Test
    void aStalledClientStaysWhileMessagesOfItsAreOnTheirWay() {
        burst();
        broker.last().swallow();
        control.pass(Duration.ofHours(1));
        assertThat(broker.links).hasSize(1);
        intake.received.forEach(Received::acknowledge);
        control.pass(Duration.ofSeconds(6));
        assertThat(broker.links).hasSize(2);
    }

    private void burst() {
        for (int i = 0; i < 200; i++) {
            broker.last().publish("a/1", 1);
            control.pass(Duration.ofMillis(50));
        }
    }

    @Test
    void aQuiescedSourceOnlyStaysConnectedForAcknowledgements() {
        broker.last().publish("a/1", 1);
        assertThat(source.quiesce()).isCompleted();
        broker.last().publish("a/2", 1);
        broker.last().publish("a/0", 0);
        assertThat(intake.topics()).containsExactly("a/1");
        assertThat(intake.missed).isOne();
        assertThat(broker.last().disconnected).isFalse();
        intake.received.get(0).acknowledge();
        assertThat(broker.last().acknowledged).containsExactly("a/1");
        assertThat(source.disconnect()).isCompleted();
        control.pass(Duration.ofMinutes(5));
        assertThat(broker.links).hasSize(1);
    }

    @Test
    void quiescedItsMessagesAreSkippedUnread() {
        Link.Events events = broker.last().events;
        assertThat(events.takes(1)).isTrue();
        assertThat(source.quiesce()).isCompleted();
        assertThat(events.takes(1)).isFalse();
        assertThat(events.takes(2)).isFalse();
        assertThat(events.takes(0)).as("counted as missed").isTrue();
    }

    @Test
    void isQuietOnceTheIntakeHasTheMessageThatIsBeingHandedOver() {
        List<CompletableFuture<Void>> quiet = new ArrayList<>();
        intake.meanwhile = () -> {
            quiet.add(source.quiesce());
            assertThat(quiet.get(0)).isNotDone();
        };
        broker.last().publish("a/1", 1);
        assertThat(intake.topics()).containsExactly("a/1");
        assertThat(quiet).singleElement().satisfies(done -> assertThat(done).isCompleted());

        broker.last().publish("a/2", 1);
        assertThat(intake.topics()).containsExactly("a/1");
    }

    @Test
    void isQuietAlsoAfterAMessageThatCouldNotBeTaken() {
        List<CompletableFuture<Void>> quiet = new ArrayList<>();
        intake.meanwhile = () -> {
            quiet.add(source.quiesce());
            throw new IllegalStateException("a bug");
        };
        broker.last().publish("a/1", 1);
        assertThat(quiet).singleElement().satisfies(done -> assertThat(done).isCompleted());
    }

    @Test
    void aMessageIsAcknowledgedOnceHoweverOftenItIsSettled() {
        broker.last().publish("a/1", 1);
        Received received = intake.received.get(0);
        received.acknowledge();
        received.acknowledge();
        received.release();
        assertThat(broker.last().acknowledged).containsExactly("a/1");
    }

    @Test
    void aReleasedMessageOfAnOpenConnectionIsNotAcknowledged() {
        broker.last().publish("a/1", 1);
        intake.received.get(0).release();
        assertThat(broker.last().acknowledged).isEmpty();
    }
}
