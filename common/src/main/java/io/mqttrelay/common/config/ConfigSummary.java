package io.mqttrelay.common.config;

import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The summary of the effective configuration that {@code relay validate} prints. It has every value but no secret:
 * header values, passwords, Kafka client settings, queries of URLs, and values of references in user names and paths are
 * hidden.
 */
public final class ConfigSummary {
    private static final String HIDDEN = "***";

    private final StringBuilder text = new StringBuilder();
    private final TopicNames topics;

    private ConfigSummary(TopicNames topics) {
        this.topics = topics;
    }

    /** The summary: several lines, each ended by a line feed. */
    public static String of(RelayConfig config) {
        ConfigSummary summary = new ConfigSummary(new TopicNames(config.kafka().topicPrefix()));
        config.routes().forEach(summary::route);
        summary.services(config);
        return summary.text.toString();
    }

    private void route(Route route) {
        heading("route " + route.name() + (route.enabled() ? "" : " (disabled)"));
        line(
                "app",
                route.appId().equals(route.appName()) ? route.appId() : route.appId() + " (" + route.appName() + ")");
        broker(route.broker());
        line(
                "takes",
                route.subscriptions().stream()
                        .map(subscription -> filter(route.broker(), subscription))
                        .collect(Collectors.joining(", ")));
        if (!route.excludes().isEmpty()) {
            line("except", join(route.excludes()));
        }
        String app = route.appId();
        line("Kafka topics", join(List.of(topics.messages(app), topics.replay(app), topics.dead(app))));
        line("order", order(route.ordering()));
        line("format", format(route));
        route.addresses().forEach(address -> line("calls", address(address)));
        line(
                "each call",
                "within " + time(route.timeout()) + ", " + route.maxInFlight() + " at once per address"
                        + rate(route.rateLimit()));
        line("retries", retries(route));
        line("hold", hold(route.holdFor()));
        line("breaker", breaker(route.circuitBreaker()));
        line("rejected on", route.rejectOn().isEmpty() ? "nothing" : join(new TreeSet<>(route.rejectOn())));
    }

    private void broker(Broker broker) {
        line("broker", join(broker.addresses()) + " over " + transport(broker));
        String username = broker.shown().username();
        if (username != null || broker.password() != null) {
            String user = username == null ? "no user name" : "user " + username;
            line("login", user + (broker.password() == null ? ", no password" : ", password " + HIDDEN));
        }
        line("session", session(broker));
        if (broker.sharedGroup() != null) {
            line("shared group", broker.sharedGroup() + (broker.sharedLeave() ? ", left at a stop" : ""));
        }
        line("retained", broker.deliverRetained() ? "delivered" : "skipped");
    }

    private static String transport(Broker broker) {
        String version = broker.mqttVersion() == MqttVersion.V5 ? "MQTT 5" : "MQTT 3.1.1";
        String path = broker.shown().websocketPath();
        return version + (path == null ? "" : ", WebSocket /" + path) + tls(broker.tls());
    }

    private static String tls(@Nullable TlsSettings tls) {
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
        String kept = broker.sessionExpiry().isZero() ? "clean" : "kept " + time(broker.sessionExpiry());
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

    private static String format(Route route) {
        Batch batch = route.batch();
        return batch == null
                ? lower(route.messageFormat())
                : "batches of envelopes, up to " + batch.maxMessages() + " and " + SizeType.text(batch.maxBytes())
                        + ", waiting " + time(batch.linger()) + " for more";
    }

    private static String address(Address address) {
        StringBuilder line = new StringBuilder(address.display());
        if (address.url().getRawQuery() != null) {
            line.append('?').append(HIDDEN);
        }
        address.headers()
                .keySet()
                .forEach(name -> line.append(", ").append(name).append(": ").append(HIDDEN));
        int secrets = address.signingSecrets().size();
        if (secrets > 0) {
            line.append(", signed with ").append(secrets).append(secrets == 1 ? " secret" : " secrets");
        }
        if (!CallbackUrl.isPlain(address.url())) {
            line.append(tls(address.tls()));
        }
        return line.toString();
    }

    private static String retries(Route route) {
        if (route.retry() == 0) {
            return "none";
        }
        RetryBackoff backoff = route.retryBackoff();
        return route.retry() + ", the first after " + time(backoff.initial()) + ", then times " + backoff.multiplier()
                + " up to " + time(backoff.max()) + ", jitter " + backoff.jitter();
    }

    private static String hold(Duration holdFor) {
        return holdFor.isZero()
                ? "none: each failure of an address counts"
                : "one message may hold up an address for " + time(holdFor);
    }

    private static String rate(@Nullable Double limit) {
        return limit == null ? "" : ", " + limit + " a second";
    }

    private static String breaker(@Nullable CircuitBreakerSettings breaker) {
        return breaker == null
                ? "off"
                : "opens at " + breaker.failureRate() + " % failures of " + breaker.minCalls()
                        + " calls or more, then a probe every " + time(breaker.openFor());
    }

    private static String atMost(@Nullable Long bytes, String otherwise) {
        return "at most " + (bytes == null ? otherwise : SizeType.text(bytes));
    }

    private void services(RelayConfig config) {
        kafka(config.kafka());
        heading("ingest");
        line("unacknowledged", atMost(config.ingest().maxUnacked(), "a quarter of the heap and 64MB"));
        line("message", atMost(config.ingest().maxMessage(), "a sixteenth of the heap and 16MB"));
        heading("dispatch");
        line("group", config.dispatch().groupId());
        line("calls", "at most " + config.dispatch().maxInFlight() + " at once");
        line("buffer", "at most " + SizeType.text(config.dispatch().maxBuffered()));
        line("rebalance wait", time(config.dispatch().rebalanceWait()));
        line("egress", config.egress().toString());
        heading("both");
        AdminSettings admin = config.admin();
        line(
                "admin",
                "ingest " + adminAddress(admin, admin.ingestPort()) + ", dispatch "
                        + adminAddress(admin, admin.dispatchPort())
                        + (admin.token() == null ? ", no token" : ", token " + HIDDEN));
        line("shutdown grace", time(config.shutdownGrace()));
        line("log", log(config.log()));
    }

    private void kafka(KafkaSettings kafka) {
        heading("kafka");
        line("servers", kafka.bootstrapServers());
        String replicas = kafka.replicationFactor() == null
                ? "the broker's"
                : kafka.replicationFactor().toString();
        line(
                "new topics",
                kafka.topicPrefix() + ".<app>, " + kafka.partitions() + " partitions, replication factor " + replicas
                        + ", kept " + time(kafka.retention()) + ", dead letters " + time(kafka.deadLetterRetention()));
        settings("all clients", kafka.properties());
        settings("producers", kafka.producer());
        settings("consumers", kafka.consumer());
    }

    private void settings(String clients, Map<String, Secret> settings) {
        if (!settings.isEmpty()) {
            line(
                    clients,
                    new TreeSet<>(settings.keySet())
                            .stream().map(name -> name + "=" + HIDDEN).collect(Collectors.joining(", ")));
        }
    }

    private static String adminAddress(AdminSettings admin, int port) {
        String host = new HostPort(admin.host(), port).toString();
        return port == 0 ? host.substring(0, host.lastIndexOf(':')) + ", any free port" : host;
    }

    private static String log(LogSettings log) {
        String console = lower(log.level()) + " as " + lower(log.format()) + " to stderr";
        return log.filename() == null
                ? console
                : console + " and " + log.filename() + ", rolled at " + log.maxSizeMb() + "MB, kept " + log.maxAgeDays()
                        + " days and " + log.maxBackups() + " files";
    }

    private void heading(String heading) {
        text.append(text.isEmpty() ? "" : "\n")
                .append(Printable.escape(heading))
                .append('\n');
    }

    private void line(String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-15s%s\n", name, Printable.escape(value)));
    }

    private static String time(Duration duration) {
        return DurationType.text(duration);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String join(Iterable<?> values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(String.valueOf(value)));
        return String.join(", ", texts);
    }
}
