package io.mqttrelay.common.config;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.topic.ExcludeRule;
import java.util.List;

/**
 * One app's subscription at one MQTT broker, and the destinations that get its messages: an entry of
 * {@code sub_deal_config}.
 *
 * @param name the MQTT client id, unique over the file; {@code relay-client-id} of its records
 * @param appId any non-empty string; several routes may share one
 * @param appName for display
 * @param enabled false: ingest takes nothing, dispatch leaves the backlog in Kafka
 * @param subscriptions at least one; their filters do not overlap
 * @param excludes a message that matches one is not delivered
 * @param destinations every one gets every message; at least one, no two with one {@link Destination#id()}; each gets its
 *     label here
 */
public record Route(
        String name,
        Broker broker,
        String appId,
        String appName,
        boolean enabled,
        List<Subscription> subscriptions,
        List<ExcludeRule> excludes,
        Ordering ordering,
        List<Destination> destinations) {
    public Route {
        List<Destination> all = List.copyOf(destinations);
        destinations = all.stream().map(each -> each.among(all)).toList();
        subscriptions = List.copyOf(subscriptions);
        excludes = List.copyOf(excludes);
    }
}
