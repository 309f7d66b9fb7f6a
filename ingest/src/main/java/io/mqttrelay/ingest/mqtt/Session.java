package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.wire.Link;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The broker's session of a route across connections, as far as this process knows it. */
@CalledOn("ingest-control")
final class Session {
    private static final Logger LOG = LogManager.getLogger(Session.class);

    // for the life of the process
    private final Route route;
    private final Clock clock;
    private final Duration asked;
    private final AtomicLong lost = new AtomicLong();
    private boolean toldShortExpiry;
    private boolean connectedBefore;
    private SessionMemory memory = SessionMemory.NONE;

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
     * Compares the session in CONNACK with the session that the broker should have kept.
     *
     * @return whether it has the subscriptions already: MQTT 3.1.1 sends retained messages at every SUBSCRIBE,
     *     and a session of this process needs none
     */
    boolean connected(Link.Connected connack) {
        if (!connectedBefore) {
            connectedBefore = true;
            first(connack);
        }
        if (!asked.isZero()) {
            compare(connack);
        }
        lastSeen = clock.instant();
        return kept && connack.sessionPresent() && route.broker().mqttVersion() == MqttVersion.V3_1_1;
    }

    /** Compares the first connection of this process with the session that an earlier process has recorded. */
    private void first(Link.Connected connack) {
        if (asked.isZero()) {
            memory.forget();
        } else if (!connack.sessionPresent()) {
            memory.recall(addresses -> {
                if (addresses != null && isOneOfOurs(addresses)) {
                    lost.incrementAndGet();
                    LOG.error(
                            "{}: the broker has lost the session that ingest had before this start, or it has expired:"
                                    + " messages published while ingest was away may be missing",
                            route.name());
                }
            });
        }
    }

    /** A route that moved to other brokers begins there with a new session; its old one is not lost. */
    private boolean isOneOfOurs(String addresses) {
        Set<String> earlier = Set.of(addresses.split(" "));
        return route.broker().addresses().stream().anyMatch(address -> earlier.contains(address.toString()));
    }

    private String addresses() {
        return route.broker().addresses().stream()
                .map(HostPort::toString)
                .distinct()
                .collect(Collectors.joining(" "));
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
        if (!kept && !asked.isZero()) {
            kept = true;
            memory.remember(addresses());
        }
    }

    /** It has ended, and was not lost. */
    void ended() {
        kept = false;
        memory.forget();
    }

    /** Before the first connection. */
    void remembers(SessionMemory beyondTheProcess) {
        memory = beyondTheProcess;
    }

    /** A connection that had stood has ended. */
    void disconnected() {
        lastSeen = clock.instant();
    }
}
