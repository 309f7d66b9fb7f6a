package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.MqttVersion;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.thread.CalledOn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What the broker keeps of a route from one connection to the next, as far as this process knows. */
@CalledOn("ingest-control")
final class Session {
    private static final Logger LOG = LogManager.getLogger(Session.class);

    // for the life of the process
    private final Route route;
    private final Clock clock;
    private final Duration asked;
    private final AtomicLong lost = new AtomicLong();
    private boolean toldShortExpiry;

    // for the life of a session
    private boolean kept;
    private Instant lastSeen = Instant.EPOCH;

    Session(Route route, Clock clock) {
        this.route = route;
        this.clock = clock;
        this.asked = route.broker().sessionExpiry();
    }

    /** The broker keeps it, with subscriptions of this process. */
    boolean isKept() {
        return kept;
    }

    /** How often the broker had forgotten it. Any thread. */
    long lost() {
        return lost.get();
    }

    /**
     * Compares what the broker says with what it promised.
     *
     * @return whether it has the subscriptions already: MQTT 3.1.1 sends retained messages at every SUBSCRIBE, and in the
     *     session of this very process it needs none
     */
    boolean connected(Link.Connected connack) {
        if (!asked.isZero()) {
            compare(connack);
        }
        lastSeen = clock.instant();
        return kept && connack.sessionPresent() && route.broker().mqttVersion() == MqttVersion.V3_1_1;
    }

    private void compare(Link.Connected connack) {
        if (kept && !connack.sessionPresent()) {
            kept = false;
            lost.incrementAndGet();
            LOG.error(
                    "{}: the broker has lost the session: messages published between {} and {} may be missing",
                    route.name(),
                    lastSeen,
                    clock.instant());
        }
        Long granted = connack.sessionExpirySeconds();
        if (granted != null && granted < asked.toSeconds() && !toldShortExpiry) {
            toldShortExpiry = true;
            LOG.warn(
                    "{}: the broker keeps the session for {} s only, session_expiry asks for {} s: what is published"
                            + " while ingest is away for longer is lost",
                    route.name(),
                    granted,
                    asked.toSeconds());
        }
    }

    /** The broker has granted a filter. */
    void subscribed() {
        kept = !asked.isZero();
    }

    /** A connection that had stood has ended. */
    void disconnected() {
        lastSeen = clock.instant();
    }
}
