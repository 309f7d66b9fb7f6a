package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.wire.ConnectionFailure;
import io.mqttrelay.ingest.mqtt.wire.EventLoops;
import io.mqttrelay.ingest.mqtt.wire.HiveMqLinks;
import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Removes a disabled route's subscriptions from the session that the broker may still keep, and nothing else. Queued
 * messages of the session stay there, unacknowledged, until the route is enabled again or the session expires.
 */
@CalledOn("ingest-control")
public final class Unsubscriber {
    private static final Logger LOG = LogManager.getLogger(Unsubscriber.class);
    /** For CONNACK and UNSUBACK together. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Route route;
    private final Link.Factory links;
    private final Control control;
    private final Backoff backoff;
    private int attempts;
    private volatile boolean done;
    private volatile boolean unsubscribed;
    private volatile @Nullable String refusal;
    private @Nullable String told;
    private @Nullable Link current;

    Unsubscriber(Route route, Link.Factory links, Control control, RandomGenerator random) {
        this.route = route;
        this.links = links;
        this.control = control;
        this.backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random);
    }

    /** For a disabled route, over the HiveMQ client. */
    public static Unsubscriber of(
            Route route, String clientId, EventLoops loops, Control control, RandomGenerator random) {
        return new Unsubscriber(route, new HiveMqLinks(route.broker(), clientId, loops), control, random);
    }

    /** Tries until the broker has answered. */
    public void start() {
        if (!route.broker().sessionExpiry().isZero()) { // else no session was ever kept
            attempt();
        }
    }

    /** Tries no more. */
    public void stop() {
        done = true;
        Link open = current;
        if (open != null) {
            var unused = open.disconnect();
        }
    }

    private void attempt() {
        if (done) {
            return;
        }
        List<HostPort> addresses = route.broker().addresses();
        HostPort address = addresses.get(attempts++ % addresses.size());
        try {
            Answers answers = new Answers();
            Link link = links.open(address, answers);
            answers.link = link;
            current = link;
            control.schedule(PATIENCE, () -> {
                if (link == current) {
                    var unused = link.disconnect();
                    finished(link, new IllegalStateException("the broker does not answer"));
                }
            });
            var unused = link.connect()
                    .thenCompose(connack -> {
                        if (done || !connack.sessionPresent()) { // stopped meanwhile: the session is another's to fill
                            return CompletableFuture.completedFuture(Map.<String, String>of());
                        }
                        return unsubscribe(link);
                    })
                    .thenCompose(kept -> {
                        unsubscribed = !done && kept.isEmpty();
                        if (!kept.isEmpty()) {
                            refusal = String.join("; ", kept.values());
                        }
                        return link.disconnect();
                    })
                    .whenComplete((ok, failure) -> control.execute(() -> finished(link, failure)));
        } catch (RuntimeException e) {
            again(ConnectionFailure.text(e));
        }
    }

    private CompletableFuture<Map<String, String>> unsubscribe(Link link) {
        List<String> filters =
                Filters.toSubscribe(route).stream().map(Link.Filter::text).toList();
        return link.unsubscribe(filters).thenApply(codes -> Filters.kept(filters, codes));
    }

    private void finished(Link link, @Nullable Throwable failure) {
        if (link != current) {
            return; // known already
        }
        link.ended();
        current = null;
        if (unsubscribed) {
            done = true;
            LOG.info("{}: disabled, unsubscribed", route.name());
        } else if (refusal != null && !done) {
            again(refusal);
        } else if (failure != null && !done) {
            again(ConnectionFailure.text(failure));
        }
    }

    private void again(String why) {
        refusal = null;
        if (attempts == 1 || !why.equals(told)) {
            told = why;
            LOG.warn("{}: disabled, but the broker still queues messages for it: {}; trying again", route.name(), why);
        }
        control.schedule(backoff.next(), this::attempt);
    }

    private final class Answers implements Link.Events {
        private @Nullable Link link;

        @Override
        public void published(Publish publish, Runnable acknowledge) {
            // not acknowledged: it stays with the broker
        }

        /** The broker sends the session's messages before UNSUBACK; the client would keep all of them in memory. */
        @Override
        public boolean takes(int qos) {
            return false;
        }

        /** An UNSUBSCRIBE that is out stays so in the client, for as long as the session lasts. */
        @Override
        public void ended(Link.Ending ending) {
            control.execute(() -> {
                if (link != null) {
                    finished(link, new IllegalStateException(ending.text()));
                }
            });
        }
    }
}
