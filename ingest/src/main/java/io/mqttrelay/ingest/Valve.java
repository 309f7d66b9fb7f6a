package io.mqttrelay.ingest;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.Control;
import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.Unacked;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Keeps {@code ingest.max_unacked}: MQTT knows no way to say "not now" but to disconnect, so when too much waits for
 * Kafka all connections are closed, the brokers keep their sessions, and at half the bound they are opened again.
 *
 * <p>What Kafka has in hand when a connection closes is stored twice, because its acknowledgement cannot leave any more.
 * So shortly before the bound nothing new is given to Kafka: if Kafka is well, it finishes what it has, and either that
 * made room or the connections close without a duplicate.
 */
@CalledOn("ingest-control")
final class Valve {
    /** What the valve opens and closes. */
    interface Sources {
        void pause();

        void resume();

        /** Whether some connection still stands. */
        boolean anyConnected();
    }

    private enum State {
        OPEN,
        HOLDING,
        CLOSING,
        CLOSED
    }

    private static final Logger LOG = LogManager.getLogger(Valve.class);
    private static final Duration LOOK = Duration.ofMillis(20);
    /** The writer says how much is in flight only now and then: wait for a fresh figure. */
    private static final long SETTLE = Duration.ofMillis(150).toNanos();

    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();

    private final Unacked unacked;
    private final RecordWriter writer;
    private final Sources sources;
    private final Control control;
    private State state = State.OPEN;
    private long since;
    private volatile boolean shut;

    Valve(Unacked unacked, RecordWriter writer, Sources sources, Control control) {
        this.unacked = unacked;
        this.writer = writer;
        this.sources = sources;
        this.control = control;
    }

    void start() {
        control.schedule(LOOK, this::look);
    }

    /** Whether ingest has stopped taking. Any thread. */
    boolean isShut() {
        return shut;
    }

    private void look() {
        control.schedule(LOOK, this::look);
        switch (state) {
            case OPEN -> open();
            case HOLDING -> holding();
            case CLOSING -> closing();
            case CLOSED -> closed();
        }
    }

    private void to(State next) {
        state = next;
        since = control.nanoTime();
    }

    private void open() {
        if (unacked.nearlyFull()) {
            writer.hold(true);
            to(State.HOLDING);
        }
    }

    private void holding() {
        long held = control.nanoTime() - since;
        if (!unacked.nearlyFull()) {
            writer.hold(false);
            to(State.OPEN);
        } else if (unacked.full() || held > PATIENCE || (held > SETTLE && writer.inFlight() == 0)) {
            shut = true;
            LOG.warn(
                    "not taking messages: {} bytes wait for Kafka (ingest.max_unacked); the MQTT brokers keep what comes",
                    unacked.bytes());
            sources.pause();
            to(State.CLOSING);
        }
    }

    /** What came over a connection that still stands would be stored twice if it were sent now. */
    private void closing() {
        if (!sources.anyConnected() || control.nanoTime() - since > PATIENCE) {
            writer.releaseComingAgain();
            writer.hold(false);
            to(State.CLOSED);
        }
    }

    private void closed() {
        if (unacked.halfEmpty()) {
            shut = false;
            LOG.info("taking messages again: {} bytes wait for Kafka", unacked.bytes());
            sources.resume();
            to(State.OPEN);
        }
    }
}
