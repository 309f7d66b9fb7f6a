package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.wire.Link;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose socket is not read is not taken for a broken one. */
class StoppedReadingTest {
    private final ManualControl control = new ManualControl();
    private final FakeBroker broker = new FakeBroker();
    private final MqttSourceTest.TestIntake intake = new MqttSourceTest.TestIntake();
    private final MqttSource source = new MqttSource(
            TestRoutes.route("mqtt5"), "mqtt5", broker, control, intake, control.clock, new SplittableRandom(1));

    @BeforeEach
    void start() {
        control.execute(source::start);
        control.run();
    }

    @Test
    void aSubackThatCannotBeSeenIsNotMissed() {
        broker.answersSubscribe = new CompletableFuture<>();
        broker.last().cut(Link.Cause.OTHER);
        control.pass(Duration.ofSeconds(2));
        broker.last().stopReading();
        control.pass(Duration.ofMinutes(5));
        assertThat(broker.last().disconnected).isFalse();

        broker.last().startReading();
        control.pass(Duration.ofSeconds(21));
        assertThat(broker.links.get(1).disconnected).isTrue();
    }

    @Test
    void aSubackBehindMessagesThatWaitedIsNotMissed() {
        broker.answersSubscribe = new CompletableFuture<>();
        broker.last().cut(Link.Cause.OTHER);
        control.pass(Duration.ofSeconds(2));
        for (int i = 0; i < 100; i++) { // the backlog is read in parts
            broker.last().stopReading();
            control.pass(Duration.ofSeconds(2));
            broker.last().startReading();
            control.pass(Duration.ofSeconds(5));
        }
        assertThat(broker.last().disconnected).isFalse();
        control.pass(Duration.ofSeconds(41));
        assertThat(broker.links.get(1).disconnected).isTrue();
    }

    @Test
    void theSilenceIsNotTakenForAStalledClient() {
        broker.sessionPresent = true;
        for (int i = 0; i < 200; i++) {
            broker.last().publish("a/1", 1);
            control.pass(Duration.ofMillis(50));
        }
        intake.received.forEach(Received::acknowledge);
        broker.last().stopReading();
        control.pass(Duration.ofHours(1));
        broker.last().startReading();
        control.pass(Duration.ofMinutes(9));
        assertThat(broker.links).hasSize(1);
    }
}
