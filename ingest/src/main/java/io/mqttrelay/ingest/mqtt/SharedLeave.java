package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.ingest.mqtt.wire.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes one replica out of its shared group before it stops: unsubscribes, lets the messages that its session still has be
 * stored, and then lets the session end. MQTT does not say when a session is empty; it is taken for empty when nothing has
 * arrived for a while and every message that arrived is acknowledged.
 */
@CalledOn("ingest-control")
final class SharedLeave {
    private static final Logger LOG = LogManager.getLogger(SharedLeave.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final Route route;
    private final Control control;
    private final Connection connection;
    private final SilenceWatch silence;
    private final long deadline;
    private final CompletableFuture<Boolean> left = new CompletableFuture<>();
    private @Nullable Long unsubscribedAt;
    private @Nullable String refusal;

    private SharedLeave(Route route, Control control, Connection connection, SilenceWatch silence, long deadline) {
        this.route = route;
        this.control = control;
        this.connection = connection;
        this.silence = silence;
        this.deadline = deadline;
    }

    /** Tells how long a session that is kept at a stop keeps its share; says nothing of a route without a shared group. */
    static void tellKept(Route route) {
        if (route.broker().sharedGroup() != null && !route.broker().sharedLeave()) {
            LOG.info(
                    "{}: the session keeps its share of the messages of shared_group {} until this replica is back, for"
                            + " session_expiry at most; set shared_leave to true before a replica is stopped for good",
                    route.name(),
                    route.broker().sharedGroup());
        }
    }

    /** At a stop without a connection that could leave; {@code why} is one line. */
    static void tellNotLeft(Route route, String why) {
        LOG.warn(
                "{}: could not leave shared_group {}: {}; the session is kept with its share of the messages: start the"
                        + " replica again, or end the session at the broker",
                route.name(),
                route.broker().sharedGroup(),
                why);
    }

    /** Done with true when the session may end; with false when it must be kept, which the log says. */
    static CompletableFuture<Boolean> start(
            Route route, Control control, Connection connection, SilenceWatch silence, Duration patience) {
        SharedLeave leave =
                new SharedLeave(route, control, connection, silence, control.nanoTime() + patience.toNanos());
        leave.unsubscribe();
        leave.look();
        return leave.left;
    }

    private void unsubscribe() {
        Link link = connection.link();
        if (link == null) {
            return;
        }
        List<String> filters =
                Filters.toSubscribe(route).stream().map(Link.Filter::text).toList();
        var unused = link.unsubscribe(filters)
                .whenComplete((codes, failure) -> control.execute(() -> {
                    if (failure == null) {
                        answered(Filters.kept(filters, codes));
                    }
                }));
    }

    private void answered(Map<String, String> kept) {
        if (kept.isEmpty()) {
            unsubscribedAt = control.nanoTime();
        } else {
            refusal = String.join("; ", kept.values());
        }
    }

    private void look() {
        long now = control.nanoTime();
        if (refusal != null) {
            keep(refusal);
        } else if (isQuiet(now)) {
            LOG.info("{}: left shared_group {}{}", route.name(), route.broker().sharedGroup(), sessionEnds());
            left.complete(true);
        } else if (connection.ended()) {
            keep("the connection has ended");
        } else if (now - deadline >= 0) {
            keep(
                    unsubscribedAt == null
                            ? "the broker did not answer UNSUBSCRIBE in time"
                            : "messages of the session are still arriving, or waiting for Kafka");
        } else {
            control.schedule(LOOK, this::look);
        }
    }

    private boolean isQuiet(long now) {
        Long since = unsubscribedAt;
        return since != null
                && now - since >= QUIET.toNanos()
                && silence.silence(now).compareTo(QUIET) >= 0
                && connection.isRead()
                && connection.lifetime().isIdle()
                && !connection.ended();
    }

    private String sessionEnds() {
        return route.broker().mqttVersion() == MqttVersion.V5
                ? "; its session ends"
                : "; MQTT 3.1.1 cannot end its session: the broker keeps it, empty and without subscriptions";
    }

    private void keep(String why) {
        tellNotLeft(route, why);
        left.complete(false);
    }
}
