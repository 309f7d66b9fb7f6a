package io.mqttrelay.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.mqttrelay.common.config.Route;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of one route's messages: each received message ends as stored, dropped or released. Any thread. */
final class RouteMeters {
    /** Why an acknowledged message is not in the app's topic. */
    enum Dropped {
        /** QoS 0 beyond the app's share of {@code ingest.max_unacked}, or while ingest stops. */
        QOS0_OVERLOAD,
        /** Retained before the subscription, and {@code retained} is {@code skip}. */
        RETAINED,
        /** Received by a filter that was removed from the route. */
        NO_FILTER,
        /** It has gone round: it carries the mark of this relay, or of too many. */
        LOOP,
        /** Too large for Kafka: its metadata and the beginning of its payload are a dead letter. */
        TOO_LARGE,
        /** Its packet broke a rule of MQTT: the readable parts are a dead letter. */
        UNDECODABLE,
        /** Kafka refused even its dead letter. */
        FAILED
    }

    private final Counter received;
    private final Counter stored;
    private final Counter released;
    private final Counter undecodable;
    private final Map<Dropped, Counter> dropped = new EnumMap<>(Dropped.class);
    private final AtomicLong unacked = new AtomicLong();

    RouteMeters(Route route, MeterRegistry registry) {
        Tags tags = Tags.of("app_id", route.appId(), "client_id", route.name());
        received = Counter.builder("relay.ingest.received")
                .description("Messages that MQTT brought; each ends as stored, dropped or released")
                .tags(tags)
                .register(registry);
        stored = Counter.builder("relay.ingest.stored")
                .description("Messages that Kafka has, on all in-sync replicas")
                .tags(tags)
                .register(registry);
        released = Counter.builder("relay.ingest.released")
                .description("Messages left to the MQTT broker, which delivers them again")
                .tags(tags)
                .register(registry);
        undecodable = Counter.builder("relay.ingest.undecodable")
                .description("Messages whose MQTT packet broke a rule of MQTT: dead letters, also counted as dropped")
                .tags(tags)
                .register(registry);
        for (Dropped reason : Dropped.values()) {
            dropped.put(
                    reason,
                    Counter.builder("relay.ingest.dropped")
                            .description(
                                    "Messages that are not in the app's topic and will not come again, by the reason")
                            .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                            .register(registry));
        }
        Gauge.builder("relay.ingest.unacked", unacked, AtomicLong::get)
                .description("Messages received and not yet stored")
                .tags(tags)
                .register(registry);
    }

    void received() {
        received.increment();
        unacked.incrementAndGet();
    }

    void stored() {
        unacked.decrementAndGet();
        stored.increment();
    }

    void released() {
        unacked.decrementAndGet();
        released.increment();
    }

    void dropped(Dropped reason) {
        unacked.decrementAndGet();
        counter(reason).increment();
    }

    void undecodable() {
        undecodable.increment();
        dropped(Dropped.UNDECODABLE);
    }

    private Counter counter(Dropped reason) {
        Counter counter = dropped.get(reason);
        if (counter == null) {
            throw new IllegalStateException(reason.name());
        }
        return counter;
    }
}
