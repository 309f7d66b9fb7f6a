package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.ingest.mqtt.wire.Link;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The experience of a route's past connections: the wait before the next one, the problem to report, and whether
 * another client uses the same client id. Confined to {@code ingest-control}.
 */
final class Reconnects {
    private static final Logger LOG = LogManager.getLogger(Reconnects.class);
    private static final Duration STABLE = Duration.ofSeconds(10);
    /** Two clients with one id, each with this longest wait, take each other over that rarely. */
    private static final Duration UNDISPUTED = Duration.ofSeconds(60);
    /** MQTT 3.1.1 has no reason for a close: this number of ends soon after CONNACK is suspicious. */
    private static final int SUSPICIOUS_ENDS = 3;

    private static final int MAX_TOLD = 32;

    private final String route;
    private final String clientId;
    private final Backoff backoff;
    private final Backoff takenOverBackoff;
    private final Set<String> told = new HashSet<>();
    private final AtomicLong takenOver = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private long attempts;
    private int quickEnds;
    private @Nullable String suspicion;
    private String problem = "not connected yet";

    Reconnects(String route, String clientId, RandomGenerator random) {
        this.route = route;
        this.clientId = clientId;
        this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), random);
        this.takenOverBackoff = new Backoff(Duration.ofSeconds(1), UNDISPUTED, random);
    }

    long attempts() {
        return attempts;
    }

    /** Connections that ended because another client uses our client id, or seems to. Any thread. */
    long takenOver() {
        return takenOver.get();
    }

    /** How often a broker accepted CONNECT. Any thread. */
    long connections() {
        return connections.get();
    }

    void connected() {
        connections.incrementAndGet();
    }

    void attempt() {
        attempts++;
    }

    /** Another client seems to use our client id; null: no sign of it. */
    @Nullable
    String suspicion() {
        return suspicion;
    }

    /** Why there is no connection now, one line. */
    String problem() {
        return problem;
    }

    /** The connection has stood for so long already. */
    void stable(Duration lived) {
        if (lived.compareTo(STABLE) >= 0) {
            backoff.reset();
            told.clear();
        }
        if (lived.compareTo(UNDISPUTED) >= 0) {
            takenOverBackoff.reset();
            quickEnds = 0;
            suspicion = null;
        }
    }

    /** A connection ended, or could not be made: how long to wait. */
    Duration ended(HostPort address, Link.Ending ending, Duration lived, boolean wasConnected) {
        stable(lived);
        if (ending.cause() == Link.Cause.PRECAUTION) {
            attempts--; // the same address: nothing is wrong with it
            problem = ending.text();
            return Duration.ZERO;
        }
        boolean quick = wasConnected && ending.cause() == Link.Cause.BROKER && lived.compareTo(STABLE) < 0;
        quickEnds = quick ? quickEnds + 1 : wasConnected ? 0 : quickEnds;
        if (ending.cause() == Link.Cause.TAKEN_OVER) {
            suspicion =
                    "another client uses the client id " + clientId + ": give each ingest its own, or a shared_group";
        } else if (quickEnds >= SUSPICIOUS_ENDS) {
            suspicion = "the broker closes each connection at once: does another client use the client id " + clientId
                    + "?";
        }
        problem = address + ": " + ending.text() + (suspicion == null ? "" : "; " + suspicion);
        tell(wasConnected);
        boolean disputed = ending.cause() == Link.Cause.TAKEN_OVER || quickEnds >= SUSPICIOUS_ENDS;
        if (disputed && wasConnected) {
            takenOver.incrementAndGet();
        }
        return disputed ? takenOverBackoff.next() : backoff.next();
    }

    private void tell(boolean wasConnected) {
        String line = (wasConnected ? "connection lost: " : "cannot connect: ") + problem;
        if (told.size() < MAX_TOLD && told.add(line)) {
            LOG.warn("{}: {}; trying again", route, line);
        }
    }
}
