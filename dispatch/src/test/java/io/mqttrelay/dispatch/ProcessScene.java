package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.SequencedMessage;
import io.mqttrelay.testkit.guarantee.Tally;
import io.mqttrelay.testkit.http.CountingCallback;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Kafka, callbacks that count, and dispatchers that are processes. */
@ExtendWith(SharedBrokers.class)
abstract class ProcessScene {
    private final EmbeddedKafka kafka;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    DispatcherFleet fleet;

    @TempDir
    private Path folder;

    ProcessScene(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void makeFleet() {
        fleet = opened(new DispatcherFleet(kafka.bootstrapServers(), folder));
    }

    @AfterEach
    void endAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    CountingCallback callback(Duration latency, Tally tally) {
        return opened(CountingCallback.start(latency, body -> tally.accept(SequencedMessage.in(body))));
    }

    /** Waits until an address has this many messages, while this dispatcher lives. */
    void awaitAt(Tally address, int messages, DispatcherProcess by, Duration atMost) {
        await().atMost(atMost).untilAsserted(() -> {
            assertThat(by.process().isAlive()).as(by::toString).isTrue();
            assertThat(address.distinct()).as(() -> fleet.lag() + "\n" + by).isGreaterThanOrEqualTo(messages);
        });
    }
}
