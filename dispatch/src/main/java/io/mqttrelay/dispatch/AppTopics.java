package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.window.AddressKey;
import io.mqttrelay.dispatch.window.ConsumedAddress;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The topics that a dispatcher consumes: messages and replays of every app with an enabled address.
 *
 * @param byTopic the app of each topic
 */
record AppTopics(Map<String, ConsumedApp> byTopic) {
    static AppTopics of(Collection<Route> routes, TopicNames names) {
        Map<String, ConsumedApp> byTopic = new LinkedHashMap<>();
        for (Route route : routes) {
            if (route.destinations().stream().anyMatch(Destination::enabled)) {
                ConsumedApp app = byTopic.computeIfAbsent(
                        names.messages(route.appId()), topic -> consumed(route.appId(), routes));
                byTopic.put(names.replay(route.appId()), app);
            }
        }
        return new AppTopics(byTopic);
    }

    private static ConsumedApp consumed(String appId, Collection<Route> routes) {
        List<ConsumedAddress> addresses = new ArrayList<>();
        for (Route route : routes) {
            if (route.appId().equals(appId)) {
                for (Destination destination : route.destinations()) {
                    addresses.add(new ConsumedAddress(
                            AddressKey.of(route.name(), destination.id()),
                            Targets.name(destination),
                            destination.label(),
                            destination.enabled()));
                }
            }
        }
        return new ConsumedApp(appId, addresses);
    }

    /** Each app once. */
    Collection<ConsumedApp> apps() {
        return new LinkedHashSet<>(byTopic.values());
    }

    /** Returns the topics of these apps only. */
    AppTopics only(Set<String> appIds) {
        Map<String, ConsumedApp> some = new LinkedHashMap<>(byTopic);
        some.values().removeIf(app -> !appIds.contains(app.appId()));
        return new AppTopics(some);
    }

    Collection<String> appIds() {
        return apps().stream().map(ConsumedApp::appId).toList();
    }
}
