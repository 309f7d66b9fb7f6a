package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.read.destination.DestinationReader;
import io.mqttrelay.common.config.read.destination.DestinationSection;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.JsonPath;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.FilterIndex;
import io.mqttrelay.common.topic.TopicFilter;
import io.mqttrelay.common.topic.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates the routes from the entries of {@code sub_deal_config} and checks rules that span several values. */
final class RouteReader {
    /** Maximum number of reported overlaps of one filter; more would add no information. */
    private static final int MOST_OVERLAPS = 10;

    private final TopicNames topicNames;
    private final DestinationReader destinations;
    private final Map<String, JsonPath> names = new HashMap<>();

    /**
     * @param topicNames whether Kafka accepts the topic names of an app
     * @param destinations reads the addresses of a route
     */
    RouteReader(TopicNames topicNames, DestinationReader destinations) {
        this.topicNames = topicNames;
        this.destinations = destinations;
    }

    /**
     * Reads one route; null: it has too many problems, which are reported.
     *
     * @param clientId null: it is wrong and was reported
     * @param oneOfSeveral the broker's entry lists several routes
     */
    @Nullable
    Route route(Fields fields, Broker broker, @Nullable String clientId, boolean oneOfSeveral) {
        String appId = fields.find(RouteSection.APP_ID);
        if (appId != null && !topicNames.fits(appId)) {
            fields.problem(RouteSection.APP_ID, "is too long: Kafka's topic names have at most 249 characters");
        }
        String name = oneOfSeveral ? clientId + "-" + appId : clientId;
        Ordering ordering = fields.get(RouteSection.ORDERING);
        Destination.Owner owner =
                new Destination.Owner(String.valueOf(appId), appName(fields, appId), String.valueOf(name), ordering);
        List<Destination> callbacks = destinations.read(fields, owner, fields.find(RouteSection.CALLBACK_METHOD));
        List<Subscription> subscriptions = subscriptions(fields);
        warnOfIdleExcludes(fields, subscriptions);
        warnOfOrder(fields, broker);
        if (appId == null || clientId == null || name == null) {
            return null;
        }
        checkName(name, fields);
        return new Route(
                name,
                broker,
                appId,
                appName(fields, appId),
                fields.get(DestinationSection.ENABLED),
                subscriptions,
                listOrNone(fields.find(RouteSection.EXCLUDE_TOPICS)),
                ordering,
                callbacks);
    }

    private void checkName(String name, Fields fields) {
        JsonPath path = fields.object().path();
        JsonPath earlier = names.putIfAbsent(name, path);
        if (earlier != null) {
            fields.object()
                    .problem("has the name \"" + Printable.cut(name) + "\" (its MQTT client id), which " + earlier
                            + " has too");
        }
    }

    private static String appName(Fields fields, @Nullable String appId) {
        String name = fields.find(RouteSection.APP_NAME);
        return name == null || name.isEmpty() ? String.valueOf(appId) : name;
    }

    static <T> List<T> listOrNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static List<Subscription> subscriptions(Fields fields) {
        List<Fields> entries = listOrNone(fields.find(RouteSection.SUB_TOPIC));
        List<Fields> checked = new ArrayList<>();
        FilterIndex index = new FilterIndex();
        List<Subscription> subscriptions = new ArrayList<>();
        for (Fields entry : entries) {
            TopicFilter filter = entry.find(RouteSection.TOPIC);
            if (filter == null) {
                continue;
            }
            for (int earlier : index.overlapping(filter, MOST_OVERLAPS)) {
                reportOverlap(entry, checked.get(earlier));
            }
            index.add(filter);
            checked.add(entry);
            subscriptions.add(new Subscription(filter, entry.get(RouteSection.QOS)));
        }
        return subscriptions;
    }

    private static void reportOverlap(Fields entry, Fields earlier) {
        Value other = earlier.written(RouteSection.TOPIC);
        JsonPath path = other == null ? earlier.object().path() : other.path();
        entry.problem(
                RouteSection.TOPIC,
                "\"" + Printable.cut(String.valueOf(entry.find(RouteSection.TOPIC))) + "\" overlaps with \""
                        + Printable.cut(String.valueOf(earlier.find(RouteSection.TOPIC))) + "\" of " + path
                        + ": a broker may then send a message twice");
    }

    private static void warnOfIdleExcludes(Fields fields, List<Subscription> subscriptions) {
        Value written = fields.written(RouteSection.EXCLUDE_TOPICS);
        List<ExcludeRule> rules = listOrNone(fields.find(RouteSection.EXCLUDE_TOPICS));
        if (written == null || subscriptions.isEmpty()) {
            return;
        }
        FilterIndex filters = new FilterIndex();
        subscriptions.forEach(subscription -> filters.add(subscription.filter()));
        List<Value> entries = written.elements();
        for (int i = 0; i < rules.size(); i++) {
            if (!rules.get(i).mayExclude(filters)) {
                entries.get(i).warn("excludes nothing: no subTopic can bring such a message");
            }
        }
    }

    private static void warnOfOrder(Fields fields, Broker broker) {
        if (broker.sharedGroup() != null && fields.get(RouteSection.ORDERING) != Ordering.NONE) {
            fields.warn(
                    RouteSection.ORDERING,
                    "with shared_group the broker deals messages to replicas in any order: what is kept is the order in"
                            + " which they reach Kafka");
        }
    }
}
