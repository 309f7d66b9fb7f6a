package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.SessionMemory;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class RememberedSessionsTest {
    private final ManualClock clock = ManualClock.create();
    private final FakeStore store = new FakeStore();
    private final List<String> answers = new ArrayList<>();

    private static final class FakeStore implements RememberedSessions.Store {
        final Map<String, String> stored = new HashMap<>();
        int reads;
        int writes;
        boolean away;

        @Override
        public Map<String, String> read() {
            reads++;
            if (away) {
                throw new KafkaException("away");
            }
            return Map.copyOf(stored);
        }

        @Override
        public void write(Map<String, String> changes) {
            if (away) {
                throw new KafkaException("away");
            }
            writes++;
            changes.forEach((client, addresses) -> {
                if (addresses == null) {
                    stored.remove(client);
                } else {
                    stored.put(client, addresses);
                }
            });
        }
    }

    private void recall(SessionMemory memory) {
        memory.recall(addresses -> answers.add(String.valueOf(addresses)));
    }

    @Test
    void tellsTheNextProcess() throws InterruptedException {
        RememberedSessions first = new RememberedSessions(store, clock.nanoTime());
        recall(first.of("a"));
        first.of("a").remember("h:1883");
        first.step();
        RememberedSessions second = new RememberedSessions(store, clock.nanoTime());
        recall(second.of("a"));
        recall(second.of("b"));
        second.step();
        assertThat(answers).containsExactly("null", "h:1883", "null");
    }

    @Test
    void answersWhenKafkaIsBack() throws InterruptedException {
        store.stored.put("a", "h:1883");
        store.away = true;
        RememberedSessions sessions = new RememberedSessions(store, clock.nanoTime());
        recall(sessions.of("a"));
        sessions.step();
        assertThat(answers).isEmpty();
        store.away = false;
        clock.advance(Duration.ofSeconds(1));
        sessions.step();
        assertThat(answers).containsExactly("h:1883");
    }

    @Test
    void asksKafkaEverMoreRarelyWhileItRefuses() throws InterruptedException {
        store.away = true;
        RememberedSessions sessions = new RememberedSessions(store, clock.nanoTime());
        for (int minute = 0; minute < 60; minute++) {
            sessions.step();
            clock.advance(Duration.ofSeconds(60));
        }
        assertThat(store.reads).isBetween(50, 60);
        int before = store.reads;
        sessions.step();
        clock.advance(Duration.ofSeconds(30));
        sessions.step();
        assertThat(store.reads).as("within a minute").isEqualTo(before + 1);
    }

    @Test
    void writesOnlyChanges() throws InterruptedException {
        store.stored.put("a", "h:1883");
        RememberedSessions sessions = new RememberedSessions(store, clock.nanoTime());
        sessions.of("a").remember("h:1883");
        sessions.of("b").forget();
        sessions.step();
        assertThat(store.writes).isZero();
    }

    @Test
    void aSessionThatEndedAtAStopIsForgotten() throws InterruptedException {
        store.stored.put("a", "h:1883");
        RememberedSessions sessions = new RememberedSessions(store, clock.nanoTime());
        sessions.step();
        sessions.of("a").forget();
        sessions.close();
        assertThat(store.stored).isEmpty();
    }
}
