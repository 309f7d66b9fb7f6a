package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of the summary about routes. */
final class RouteSummary {
    private final SummaryLines lines;
    private final TopicNames topics;

    RouteSummary(SummaryLines lines, TopicNames topics) {
        this.lines = lines;
        this.topics = topics;
    }

    /** Adds the part of a route. */
    void add(Route route) {
        lines.heading("route " + route.name() + (route.enabled() ? "" : " (disabled)"));
        lines.line(
                "app",
                route.appId().equals(route.appName()) ? route.appId() : route.appId() + " (" + route.appName() + ")");
        broker(route.broker());
        lines.line(
                "takes",
                route.subscriptions().stream()
                        .map(subscription -> filter(route.broker(), subscription))
                        .collect(Collectors.joining(", ")));
        if (!route.excludes().isEmpty()) {
            lines.line("except", SummaryLines.join(route.excludes()));
        }
        String app = route.appId();
        lines.line(
                "Kafka topics", SummaryLines.join(List.of(topics.messages(app), topics.replay(app), topics.dead(app))));
        lines.line("order", order(route.ordering()));
        new DestinationSummary(lines).add(route.destinations());
    }

    private void broker(Broker broker) {
        lines.line("broker", SummaryLines.join(broker.addresses()) + " over " + transport(broker));
        String username = broker.shown().username();
        if (username != null || broker.password() != null) {
            String user = username == null ? "no user name" : "user " + username;
            lines.line(
                    "login",
                    user + (broker.password() == null ? ", no password" : ", password " + SummaryLines.HIDDEN));
        }
        lines.line("session", session(broker));
        if (broker.sharedGroup() != null) {
            lines.line("shared group", broker.sharedGroup() + (broker.sharedLeave() ? ", left at a stop" : ""));
        }
        lines.line("retained", broker.deliverRetained() ? "delivered" : "skipped");
    }

    private static String transport(Broker broker) {
        String version = broker.mqttVersion() == MqttVersion.V5 ? "MQTT 5" : "MQTT 3.1.1";
        String path = broker.shown().websocketPath();
        return version + (path == null ? "" : ", WebSocket /" + path) + tls(broker.tls());
    }

    static String tls(@Nullable TlsSettings tls) {
        if (tls == null) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        parts.add(tls.caFile() == null ? "the JVM's trust store" : "CA " + tls.caFile());
        if (tls.certFile() != null) {
            parts.add("certificate " + tls.certFile());
        }
        if (!tls.verifyHostname()) {
            parts.add("host name not verified");
        }
        return ", TLS (" + String.join(", ", parts) + ")";
    }

    private static String session(Broker broker) {
        String kept = broker.sessionExpiry().isZero() ? "clean" : "kept " + SummaryLines.time(broker.sessionExpiry());
        String version5 = broker.mqttVersion() == MqttVersion.V5 ? ", receive maximum " + broker.receiveMaximum() : "";
        return kept + ", keep-alive " + broker.keepAlive() + "s" + version5;
    }

    private static String filter(Broker broker, Subscription subscription) {
        String share = broker.sharedGroup() == null ? "" : "$share/" + broker.sharedGroup() + "/";
        return share + subscription.filter() + " (QoS " + subscription.qos() + ")";
    }

    private static String order(Ordering ordering) {
        return switch (ordering) {
            case TOPIC -> "topic: messages of one MQTT topic, per address";
            case APP -> "app: all messages of the app, per address";
            case NONE -> "none";
        };
    }
}
