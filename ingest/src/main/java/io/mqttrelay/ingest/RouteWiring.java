package io.mqttrelay.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.RouteChange;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.ingest.mqtt.ClientIds;
import io.mqttrelay.ingest.mqtt.Control;
import io.mqttrelay.ingest.mqtt.MqttSource;
import io.mqttrelay.ingest.mqtt.Unsubscriber;
import io.mqttrelay.ingest.mqtt.wire.EventLoops;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates and removes the parts of each route: its MQTT connection, its path, its meters and its readiness. A new
 * connection with the same client id starts only after all messages of the old one are settled.
 */
@CalledOn("ingest-control")
final class RouteWiring {
    /** How long a connection that is removed waits until Kafka has stored its messages. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String instance;
    private final IngestPath.Parts parts;
    private final TopicNames names;
    private final Control control;
    private final Readiness readiness;
    private final MeterRegistry registry;
    private final MqttSources sources;
    private final EventLoops loops = new EventLoops();
    private final SplittableRandom random = new SplittableRandom();

    private record Key(String appId, String name) {
        static Key of(Route route) {
            return new Key(route.appId(), route.name());
        }
    }

    /** The routes by name, enabled or not. */
    private final Map<String, Route> routes = new HashMap<>();

    private final Map<String, Running> running = new ConcurrentHashMap<>(); // read on any thread
    private final Map<String, Unsubscriber> unsubscribers = new HashMap<>();
    /** By name: completed when the previous user of the name has left. */
    private final Map<String, CompletableFuture<Void>> leaving = new HashMap<>();

    private final Map<Key, RouteMeters> meters = new HashMap<>();

    private volatile boolean subscribed;

    private record Running(IngestPath path, MqttSource source, List<Meter> meters) {}

    /** @param instance distinguishes the ingests of one shared_group */
    RouteWiring(
            String instance,
            IngestPath.Parts parts,
            TopicNames names,
            Control control,
            Readiness readiness,
            MeterRegistry registry,
            MqttSources sources) {
        this.instance = instance;
        this.parts = parts;
        this.names = names;
        this.control = control;
        this.readiness = readiness;
        this.registry = registry;
        this.sources = sources;
    }

    /** Wires the routes of the start; nothing runs before the sources are started. */
    void wire(List<Route> all) {
        for (Route route : all) {
            routes.put(route.name(), route);
            make(route, null);
        }
    }

    /**
     * Why no message can arrive, one line; null: a route has been subscribed since the start, or none is enabled. Any
     * thread.
     */
    @Nullable
    String noneSubscribed() {
        subscribed |= running.values().stream().anyMatch(each -> each.source().wasSubscribed());
        return subscribed || running.isEmpty() ? null : "no route has been subscribed since the start";
    }

    /** Applies another configuration; returns at once. */
    void change(ConfigDifference difference) {
        difference.removed().forEach(route -> {
            routes.remove(route.name());
            takeDown(route);
        });
        difference.changed().forEach(this::change);
        difference.added().forEach(route -> {
            routes.put(route.name(), route);
            putUp(route, null);
        });
    }

    private void change(RouteChange change) {
        Route to = change.to();
        routes.put(to.name(), to);
        Running standing = running.get(to.name());
        if (change.isOfConnection() || change.isOfEnabled()) {
            takeDown(change.from());
            putUp(to, change.isOfConnection() ? change.from() : null);
        } else if (standing != null) {
            standing.path().change(to);
            standing.source().change(to);
        }
    }

    /** @param before the route whose session the broker may still keep under this name; null: none */
    private void putUp(Route route, @Nullable Route before) {
        var unused = leaving.getOrDefault(route.name(), CompletableFuture.completedFuture(null))
                .thenRun(() -> control.execute(() -> {
                    if (route.equals(routes.get(route.name())) && !isUp(route.name())) {
                        parts.writer().add(route.appId());
                        make(route, before);
                    }
                }));
    }

    private boolean isUp(String name) {
        return running.containsKey(name) || unsubscribers.containsKey(name);
    }

    private void make(Route route, @Nullable Route before) {
        String clientId = ClientIds.of(route, instance);
        if (!route.enabled()) {
            Unsubscriber unsubscriber = Unsubscriber.of(route, clientId, loops, control, random);
            unsubscribers.put(route.name(), unsubscriber);
            sources.add(unsubscriber, clientId);
            return;
        }
        RouteMeters counted = meters.computeIfAbsent(Key.of(route), unused -> new RouteMeters(route, registry));
        IngestPath path = new IngestPath(route, parts, names, counted);
        MqttSource source = MqttSource.of(route, clientId, loops, control, path, parts.clock(), random);
        if (before != null) {
            source.takesThePlaceOf(before);
        }
        running.put(route.name(), new Running(path, source, register(source)));
        readiness.watchDegrading(part(route), source::problem);
        sources.add(source);
    }

    private void takeDown(Route route) {
        Unsubscriber unsubscriber = unsubscribers.remove(route.name());
        if (unsubscriber != null) {
            unsubscriber.stop();
            sources.remove(unsubscriber);
        }
        Running gone = running.remove(route.name());
        if (gone != null) {
            subscribed |= gone.source().wasSubscribed();
            CompletableFuture<Void> left = new CompletableFuture<>();
            leaving.put(route.name(), left);
            var unused = gone.source()
                    .retire(PATIENCE)
                    .thenRun(() -> control.execute(() -> {
                        left(route, gone);
                        leaving.remove(route.name(), left);
                        left.complete(null);
                    }));
        }
    }

    private void left(Route route, Running gone) {
        sources.remove(gone.source());
        gone.path().close();
        readiness.forget(part(route));
        gone.meters().forEach(registry::remove);
        boolean last = routes.values().stream()
                .noneMatch(each -> each.enabled() && each.appId().equals(route.appId()));
        if (last) {
            parts.writer().remove(route.appId());
        }
    }

    private static String part(Route route) {
        return "mqtt " + route.name();
    }

    private List<Meter> register(MqttSource source) {
        Tags tags = Tags.of(
                "app_id", source.route().appId(), "client_id", source.route().name());
        return List.of(
                Gauge.builder("relay.ingest.connected", source, s -> s.connected() ? 1 : 0)
                        .description("1: the MQTT connection stands; 0: it does not")
                        .tags(tags)
                        .register(registry),
                FunctionCounter.builder("relay.ingest.connections", source, MqttSource::connections)
                        .description("MQTT connections that the broker accepted: one, and one more for each that ended")
                        .tags(tags)
                        .register(registry),
                FunctionCounter.builder("relay.ingest.sessions.lost", source, MqttSource::sessionsLost)
                        .description(
                                "How often the MQTT broker had forgotten the session, and with it perhaps messages")
                        .tags(tags)
                        .register(registry),
                FunctionCounter.builder("relay.ingest.taken.over", source, MqttSource::takenOver)
                        .description("Connections that ended because another client uses the client id, or seems to")
                        .tags(tags)
                        .register(registry));
    }
}
