package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.AddressSchemes;
import io.mqttrelay.common.config.Batch;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.MessageFormat;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.RetryBackoff;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.JsonPath;
import io.mqttrelay.common.settings.SwitchableType.Switch;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.FilterIndex;
import io.mqttrelay.common.topic.TopicFilter;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates the routes from the entries of {@code sub_deal_config} and checks rules that span several values. */
final class RouteReader {
    private static final int MAX_CLIENT_ID = 65_535;
    /** Maximum number of reported overlaps of one filter; more would add no information. */
    private static final int MOST_OVERLAPS = 10;

    private static final RetryBackoff DEFAULT_BACKOFF =
            new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2);

    private final TopicNames topicNames;
    private final RouteAddresses addresses;
    private final Duration rebalanceWait;
    private final Map<String, JsonPath> names = new HashMap<>();

    /**
     * @param topicNames whether Kafka accepts the topic names of an app
     * @param schemes of addresses
     * @param egress which callbacks are never allowed
     * @param rebalanceWait of a dispatcher
     */
    RouteReader(TopicNames topicNames, AddressSchemes schemes, Egress egress, Duration rebalanceWait) {
        this.rebalanceWait = rebalanceWait;
        this.topicNames = topicNames;
        addresses = new RouteAddresses(schemes, egress);
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
        List<Address> callbacks = addresses.read(fields);
        List<Subscription> subscriptions = subscriptions(fields);
        warnOfIdleExcludes(fields, subscriptions);
        RetryBackoff backoff = backoff(fields.find(RouteSection.RETRY_BACKOFF));
        warnOfOrder(fields, broker);
        warnOfLongCalls(fields);
        if (appId == null || clientId == null) {
            return null;
        }
        String name = oneOfSeveral ? clientId + "-" + appId : clientId;
        checkName(name, fields);
        return new Route(
                name,
                broker,
                appId,
                appName(fields, appId),
                fields.get(RouteSection.ENABLED),
                callbacks,
                subscriptions,
                listOrNone(fields.find(RouteSection.EXCLUDE_TOPICS)),
                fields.get(RouteSection.RETRY),
                backoff,
                fields.get(RouteSection.HOLD_FOR),
                fields.get(RouteSection.TIMEOUT),
                fields.get(RouteSection.ORDERING),
                fields.get(RouteSection.MESSAGE_FORMAT),
                fields.get(RouteSection.MAX_IN_FLIGHT),
                rateLimit(fields),
                batch(fields),
                CircuitBreakerSection.settings(fields.find(RouteSection.CIRCUIT_BREAKER)),
                Set.copyOf(fields.get(RouteSection.REJECT_ON)));
    }

    private void warnOfLongCalls(Fields fields) {
        if (fields.get(RouteSection.TIMEOUT).compareTo(rebalanceWait) > 0) {
            fields.warn(
                    RouteSection.TIMEOUT,
                    "is longer than dispatch.rebalance_wait (" + DurationType.text(rebalanceWait)
                            + "): a call that takes longer than that is repeated when its partition is given to another"
                            + " dispatcher");
        }
    }

    private void checkName(String name, Fields fields) {
        if (name.length() > MAX_CLIENT_ID) {
            fields.problem(RouteSection.APP_ID, "makes a client id of more than " + MAX_CLIENT_ID + " bytes");
        }
        JsonPath path = fields.object().path();
        JsonPath earlier = names.putIfAbsent(name, path);
        if (earlier != null) {
            fields.object()
                    .problem("has the name \"" + Printable.cut(name) + "\" (its MQTT client id), which " + earlier
                            + " has too");
        }
    }

    private static String appName(Fields fields, String appId) {
        String name = fields.find(RouteSection.APP_NAME);
        return name == null || name.isEmpty() ? appId : name;
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

    private static @Nullable Double rateLimit(Fields fields) {
        Switch<Double> limit = fields.find(RouteSection.RATE_LIMIT);
        return limit == null ? null : limit.on();
    }

    private static @Nullable Batch batch(Fields fields) {
        Switch<Fields> batch = fields.find(RouteSection.BATCH);
        if (batch == null || batch.on() == null) {
            return null;
        }
        if (fields.written(RouteSection.MESSAGE_FORMAT) != null
                && fields.get(RouteSection.MESSAGE_FORMAT) != MessageFormat.ENVELOPE) {
            fields.warn(RouteSection.MESSAGE_FORMAT, "has no effect beside batch: a batch is an array of envelopes");
        }
        return BatchSection.batch(batch.on());
    }

    private static RetryBackoff backoff(@Nullable Fields fields) {
        if (fields == null) {
            return DEFAULT_BACKOFF;
        }
        RetryBackoff backoff = new RetryBackoff(
                fields.get(RouteSection.INITIAL),
                fields.get(RouteSection.MULTIPLIER),
                fields.get(RouteSection.MAX),
                fields.get(RouteSection.JITTER));
        if (backoff.max().compareTo(backoff.initial()) < 0
                && !fields.isWrong(RouteSection.INITIAL)
                && !fields.isWrong(RouteSection.MAX)) {
            fields.problem(
                    RouteSection.MAX,
                    "must be at least initial (" + DurationType.text(backoff.initial()) + "), was "
                            + DurationType.text(backoff.max()));
        }
        return backoff;
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
