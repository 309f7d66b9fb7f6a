package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.wire.ConnectionFailure;
import io.mqttrelay.ingest.mqtt.wire.Link;
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
 * Subscribes to a route's filters over each new connection, and retries until the broker has granted all of them.
 * After a change of filters it first subscribes to the new ones, and unsubscribes from the removed ones only when
 * these are granted.
 */
@CalledOn("ingest-control")
final class Subscriber {
    /** The progress of the subscription while the connection is up. */
    interface Events {
        /** Not every filter is granted; {@code why} is one line. */
        void incomplete(String why);

        /** One filter at least is granted, be it with a lower QoS. */
        void subscribed();

        /** Every filter is granted. */
        void granted(Connection connection);

        /** The broker does not answer, so the connection is useless. */
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
    /** The subscriptions of the session, as far as this process knows. */
    private final Set<Link.Filter> granted = new HashSet<>();
    /** Filters that are no longer the route's, but may still be in the session. */
    private final Set<String> gone = new LinkedHashSet<>();
    /** Number of changes of the filters: requests of earlier filters are not repeated. */
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

    /** Subscribes in a session that has none of the filters, as far as this process knows. */
    void subscribe(Connection connection) {
        granted.clear();
        complete(connection);
    }

    /** Subscribes to the filters that the session does not have yet. */
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
        events.subscribed();
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
        expect(answer, connection);
        var unused = answer.whenComplete((codes, failure) -> control.execute(() -> {
            if (failure == null) {
                answered(connection, asked, wanted, codes);
            } else {
                events.unanswered(connection, ConnectionFailure.text(failure));
            }
        }));
    }

    private void expect(CompletableFuture<List<Integer>> answer, Connection connection) {
        int stops = connection.stops();
        control.schedule(SUBACK_TIMEOUT, () -> {
            if (answer.isDone() || connection.ended()) {
                return;
            }
            if (connection.isRead() && connection.stops() == stops) {
                events.unanswered(connection, "the broker does not answer SUBSCRIBE");
            } else {
                expect(answer, connection); // it could not be seen all the time
            }
        });
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
        if (Filters.refused(wanted, codes).size() < wanted.size()) {
            events.subscribed();
        }
        if (asked != changes) {
            return; // the change of the filters has requested the rest
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
                .whenComplete((codes, failure) -> control.execute(() -> {
                    if (failure == null && !connection.ended() && asked == changes) {
                        unsubscribed(connection, texts, Filters.kept(texts, codes));
                    }
                }));
    }

    private void unsubscribed(Connection connection, List<String> asked, Map<String, String> kept) {
        int done = asked.size() - kept.size();
        if (done > 0) {
            LOG.info(
                    "{}: unsubscribed from {} that left the configuration",
                    route.name(),
                    done == 1 ? "a filter" : done + " filters");
        }
        gone.retainAll(kept.keySet());
        if (kept.isEmpty()) {
            events.othersGone();
            return;
        }
        String why = String.join("; ", kept.values());
        if (connection.tellOnce(why)) {
            LOG.error("{}: {}; asking again now and then", route.name(), why);
        }
        int now = changes;
        control.schedule(backoff.next(), () -> {
            if (now == changes && !connection.ended()) {
                unsubscribe(connection);
            }
        });
    }
}
