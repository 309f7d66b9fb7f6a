package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.topic.TopicNames;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The topics that a dispatcher consumes: of every app with an enabled route.
 *
 * @param byTopic the app of each topic
 */
record AppTopics(Map<String, String> byTopic) {
    static AppTopics of(Collection<Route> routes, TopicNames names) {
        Map<String, String> byTopic = new LinkedHashMap<>();
        for (Route route : routes) {
            if (route.enabled()) {
                byTopic.put(names.messages(route.appId()), route.appId());
            }
        }
        return new AppTopics(byTopic);
    }

    Collection<String> appIds() {
        return new LinkedHashSet<>(byTopic.values());
    }
}
