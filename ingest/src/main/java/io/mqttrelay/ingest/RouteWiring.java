package io.mqttrelay.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.ingest.mqtt.ClientIds;
import io.mqttrelay.ingest.mqtt.Control;
import io.mqttrelay.ingest.mqtt.EventLoops;
import io.mqttrelay.ingest.mqtt.MqttSource;
import io.mqttrelay.ingest.mqtt.Unsubscriber;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Gives each route its MQTT connection, the path behind it, its meters and its line of readiness.
 *
 * @param instance tells the ingests of one shared_group apart
 */
record RouteWiring(
        String instance,
        IngestPath.Parts parts,
        TopicNames names,
        Control control,
        Readiness readiness,
        MeterRegistry registry) {
    MqttSources wire(List<Route> routes) {
        MqttSources sources = new MqttSources();
        EventLoops loops = new EventLoops();
        SplittableRandom random = new SplittableRandom();
        for (Route route : routes) {
            String clientId = ClientIds.of(route, instance);
            if (route.enabled()) {
                IngestPath path = new IngestPath(route, parts, names, new RouteMeters(route, registry));
                MqttSource source = MqttSource.of(route, clientId, loops, control, path, parts.clock(), random);
                sources.add(source);
                readiness.watch("mqtt " + route.name(), source::problem);
                register(source);
            } else {
                sources.add(Unsubscriber.of(route, clientId, loops, control, random));
            }
        }
        return sources;
    }

    private void register(MqttSource source) {
        Tags tags = Tags.of(
                "app_id", source.route().appId(), "client_id", source.route().name());
        Gauge.builder("relay.ingest.connected", source, s -> s.connected() ? 1 : 0)
                .description("1: the MQTT connection stands; 0: it does not")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("relay.ingest.sessions.lost", source, MqttSource::sessionsLost)
                .description("How often the MQTT broker had forgotten the session, and with it perhaps messages")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("relay.ingest.taken.over", source, MqttSource::takenOver)
                .description("Connections that ended because another client uses the client id, or seems to")
                .tags(tags)
                .register(registry);
    }
}
