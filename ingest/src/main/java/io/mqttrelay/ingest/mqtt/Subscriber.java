package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.MqttVersion;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Asks for a route's filters over each new connection, again and again until the broker has granted every one. When the
 * filters change, it asks for what is new; only when that is granted, what is gone is unsubscribed.
 */
@CalledOn("ingest-control")
final class Subscriber {
    /** How it goes, as long as the connection stands. */
    interface Events {
        /** Not every filter is granted; {@code why} is one line. */
        void incomplete(String why);

        /** Every filter is granted. */
        void granted(Connection connection);

        /** The broker gives no answer, so the connection is of no use. */
        void unanswered(Connection connection, String why);

        /** The session subscribes to the route's filters and no others that this process knows of. */
        void othersGone();
    }

    private static final Logger LOG = LogManager.getLogger(Subscriber.class);
    private static final Duration SUBACK_TIMEOUT = Duration.ofSeconds(20);

    private final Session session;
    private final Control control;
    private final Backoff backoff;
    private final Events events;

    private Route route;
    private List<Link.Filter> filters;
    /** What the session subscribes to, as far as this process knows. */
    private final Set<Link.Filter> granted = new HashSet<>();
    /** Filters that are not the route's any more, and that the session may still have. */
    private final Set<String> gone = new LinkedHashSet<>();
    /** How often the filters have changed: what was asked for before that is asked for no more. */
    private int changes;

    Subscriber(Route route, Session session, Control control, RandomGenerator random, Events events) {
        this.route = route;
        this.filters = Filters.toSubscribe(route);
        this.session = session;
        this.control = control;
        this.backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random);
        this.events = events;
    }

    /** The session may still have these filters of a route that this one takes the place of. */
    void takesThePlaceOf(Route before) {
        Filters.toSubscribe(before).forEach(filter -> gone.add(filter.text()));
        filters.forEach(filter -> gone.remove(filter.text()));
    }

    /** The route's filters are others from now on. */
    void change(Route next) {
        Route before = route;
        route = next;
        filters = Filters.toSubscribe(next);
        takesThePlaceOf(before);
        changes++;
    }

    /** In a session that has none of the filters, as far as is known. */
    void subscribe(Connection connection) {
        granted.clear();
        complete(connection);
    }

    /** Asks for what the session has not got yet. */
    void complete(Connection connection) {
        granted.retainAll(filters);
        List<Link.Filter> missing =
                filters.stream().filter(filter -> !granted.contains(filter)).toList();
        if (missing.isEmpty()) {
            isComplete(connection);
        } else {
            ask(connection, missing);
        }
    }

    private void isComplete(Connection connection) {
        backoff.reset();
        events.granted(connection);
        unsubscribe(connection);
    }

    private void ask(Connection connection, List<Link.Filter> wanted) {
        Link link = connection.link();
        if (connection.ended() || link == null) {
            return;
        }
        int asked = changes;
        events.incomplete("not subscribed yet");
        CompletableFuture<List<Integer>> answer =
                link.subscribe(wanted, route.broker().deliverRetained());
        control.schedule(SUBACK_TIMEOUT, () -> {
            if (!answer.isDone()) {
                events.unanswered(connection, "the broker does not answer SUBSCRIBE");
            }
        });
        var unused = answer.whenComplete((codes, failure) -> control.execute(() -> {
            if (failure == null) {
                answered(connection, asked, wanted, codes);
            } else {
                events.unanswered(connection, ConnectionFailure.text(failure));
            }
        }));
    }

    private void answered(Connection connection, int asked, List<Link.Filter> wanted, List<Integer> codes) {
        if (connection.ended()) {
            return;
        }
        Map<Link.Filter, String> denied = Filters.denied(wanted, codes);
        wanted.stream().filter(filter -> !denied.containsKey(filter)).forEach(granted::add);
        if (denied.size() < wanted.size()) {
            session.subscribed();
        }
        if (asked != changes) {
            return; // who changed them has asked for the rest
        }
        if (denied.isEmpty()) {
            isComplete(connection);
            return;
        }
        List<Link.Filter> again = worthAsking(wanted, codes, denied);
        String why = String.join("; ", denied.values());
        events.incomplete(why);
        if (connection.tellOnce(why)) {
            LOG.error("{}: {}{}", route.name(), why, again.isEmpty() ? "" : "; asking again now and then");
        }
        if (!again.isEmpty()) {
            control.schedule(backoff.next(), () -> {
                if (asked == changes) {
                    ask(connection, again);
                }
            });
        }
    }

    /** With MQTT 3.1.1 each SUBSCRIBE brings all retained messages once more: not for one that was granted with a lower QoS. */
    private List<Link.Filter> worthAsking(
            List<Link.Filter> wanted, List<Integer> codes, Map<Link.Filter, String> denied) {
        return route.broker().mqttVersion() == MqttVersion.V3_1_1
                ? Filters.refused(wanted, codes)
                : List.copyOf(denied.keySet());
    }

    private void unsubscribe(Connection connection) {
        Link link = connection.link();
        if (gone.isEmpty() || link == null) {
            return;
        }
        int asked = changes;
        List<String> texts = List.copyOf(gone);
        var unused = link.unsubscribe(texts)
                .whenComplete((answered, failure) -> control.execute(() -> {
                    if (failure == null && !connection.ended() && asked == changes) {
                        LOG.info(
                                "{}: unsubscribed from {} that went",
                                route.name(),
                                texts.size() == 1 ? "a filter" : texts.size() + " filters");
                        gone.clear();
                        events.othersGone();
                    }
                }));
    }
}
