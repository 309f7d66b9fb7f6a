package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code ingest} is away for longer than its broker's queue lasts: exactly the messages that the broker counts as
 * dropped are lost.
 */
@Tag("by-hand")
final class SmallQueueFaultIT extends FaultScene {
    private static final int QUEUE = 1000; // Mosquitto's default
    private static final int RATE = 150;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    SmallQueueFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().maxQueuedMessages(QUEUE);
    }

    @Test
    void f03MoreComesThanTheBrokerQueues() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F03 queue of 1000", RATE, "/a");
        run.flows(RATE);
        Instant begin = Instant.now();
        ingest.kill();
        run.awaitCaughtUp(0, RECOVERY);
        callback.declareCrash();
        Pause.until(RECOVERY, () -> run.load().published(begin, Instant.now()).size() > 2 * QUEUE);
        ingest.startAgain();
        run.healed();
        ingest.ready();
        run.flows(QUEUE);
        run.mayBeLost("/a", run.load().published(begin, Instant.now())); // but no more than the broker counts
        run.ends(unacknowledged(), RECOVERY);

        long dropped = BrokerCounter.dropped(mosquitto.port());
        run.figure("dropped by the broker", dropped);
        assertThat(run.lost()).isPositive().isEqualTo(dropped);
    }
}
