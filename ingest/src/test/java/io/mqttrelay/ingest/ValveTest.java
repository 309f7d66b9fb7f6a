package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.Control;
import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.Unacked;
import io.mqttrelay.testkit.time.ManualClock;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ingest.max_unacked}, with time in hand. */
class ValveTest {
    private static final long MAX = 1000;

    private final ManualClock clock = ManualClock.create();
    private final Steps control = new Steps(clock);
    private final Unacked unacked = new Unacked(MAX);
    private final Connections connections = new Connections();
    private final RecordWriter writer = new RecordWriter(
            List.of("app"),
            () -> new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
            1,
            clock.nanoTime());
    private final Valve valve = new Valve(unacked, writer, connections, control);

    private static final class Steps implements Control {
        private final ManualClock clock;
        private final ManualScheduler scheduler;

        Steps(ManualClock clock) {
            this.clock = clock;
            this.scheduler = new ManualScheduler(clock);
        }

        @Override
        public void execute(Runnable step) {
            scheduler.execute(step);
        }

        @Override
        public void schedule(Duration delay, Runnable step) {
            var unused = scheduler.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public long nanoTime() {
            return clock.nanoTime().getAsLong();
        }

        void pass(Duration time) {
            scheduler.advance(time);
        }
    }

    private static final class Connections implements Valve.Sources {
        final List<String> calls = new ArrayList<>();
        boolean connected = true;

        @Override
        public void pause() {
            calls.add("pause");
        }

        @Override
        public void resume() {
            calls.add("resume");
        }

        @Override
        public boolean anyConnected() {
            return connected;
        }
    }

    @BeforeEach
    void start() {
        valve.start();
    }

    private void take(long bytes) {
        for (long left = bytes; left > 0; left -= 100) {
            assertThat(unacked.admit(1, Math.min(100, left))).isTrue();
        }
    }

    private void stored(long bytes) {
        for (long left = bytes; left > 0; left -= 100) {
            unacked.settled(1, Math.min(100, left));
        }
    }

    @Test
    void oneMessageHoweverLargeDoesNotShutIt() {
        assertThat(unacked.admit(1, 2 * MAX)).isTrue();
        control.pass(Duration.ofMinutes(1));
        assertThat(connections.calls).isEmpty();
    }

    @Test
    void belowItsBoundItLetsEverythingPass() {
        take(749);
        control.pass(Duration.ofMinutes(1));
        assertThat(valve.isShut()).isFalse();
        assertThat(connections.calls).isEmpty();
    }

    @Test
    void atTheBoundItShutsAtOnceAndOpensWhenHalfIsFreeAgain() {
        take(1000);
        control.pass(Duration.ofMillis(40));
        assertThat(valve.isShut()).isTrue();
        assertThat(connections.calls).containsExactly("pause");

        connections.connected = false;
        stored(499);
        control.pass(Duration.ofMinutes(1));
        assertThat(connections.calls).containsExactly("pause");

        stored(1);
        control.pass(Duration.ofMillis(20));
        assertThat(valve.isShut()).isFalse();
        assertThat(connections.calls).containsExactly("pause", "resume");
    }

    @Test
    void nearTheBoundItFirstLetsKafkaFinishWhatItHas() {
        take(800);
        control.pass(Duration.ofMillis(100));
        assertThat(connections.calls).isEmpty();
        stored(100);
        control.pass(Duration.ofMinutes(1));
        assertThat(connections.calls).as("that made room").isEmpty();
    }

    @Test
    void nearTheBoundWithNothingInFlightItShuts() {
        take(800);
        control.pass(Duration.ofMillis(200));
        assertThat(connections.calls).containsExactly("pause");
    }

    @Test
    void connectionsThatDoNotCloseDoNotKeepItFromOpeningAgain() {
        take(1000);
        control.pass(Duration.ofSeconds(1));
        stored(1000);
        control.pass(Duration.ofSeconds(1));
        assertThat(connections.calls)
                .as("what would be stored twice is not sent yet")
                .containsExactly("pause");
        control.pass(Duration.ofSeconds(1));
        assertThat(connections.calls).containsExactly("pause", "resume");
    }
}
