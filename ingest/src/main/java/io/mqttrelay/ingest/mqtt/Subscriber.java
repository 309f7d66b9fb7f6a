package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Asks for a route's filters over each new connection, again and again until the broker has granted every one. */
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
    }

    private static final Logger LOG = LogManager.getLogger(Subscriber.class);
    private static final Duration SUBACK_TIMEOUT = Duration.ofSeconds(20);

    private final Route route;
    private final List<Link.Filter> filters;
    private final Session session;
    private final Control control;
    private final Backoff backoff;
    private final Events events;

    Subscriber(Route route, Session session, Control control, RandomGenerator random, Events events) {
        this.route = route;
        this.filters = Filters.toSubscribe(route);
        this.session = session;
        this.control = control;
        this.backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random);
        this.events = events;
    }

    void subscribe(Connection connection) {
        subscribe(connection, filters);
    }

    private void subscribe(Connection connection, List<Link.Filter> wanted) {
        Link link = connection.link();
        if (connection.ended() || link == null) {
            return;
        }
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
                answered(connection, wanted, codes);
            } else {
                events.unanswered(connection, ConnectionFailure.text(failure));
            }
        }));
    }

    private void answered(Connection connection, List<Link.Filter> wanted, List<Integer> codes) {
        if (connection.ended()) {
            return;
        }
        Map<Link.Filter, String> denied = Filters.denied(wanted, codes);
        if (denied.size() < wanted.size()) {
            session.subscribed();
        }
        if (denied.isEmpty()) {
            backoff.reset();
            events.granted(connection);
            return;
        }
        String why = String.join("; ", denied.values());
        events.incomplete(why);
        if (connection.tellOnce(why)) {
            LOG.error("{}: {}; asking again now and then", route.name(), why);
        }
        control.schedule(backoff.next(), () -> subscribe(connection, List.copyOf(denied.keySet())));
    }
}
