package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.CircuitBreakerSettings;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.JdbcTarget;
import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.destination.MqttTarget;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.destination.RetryBackoff;
import io.mqttrelay.common.config.destination.TargetEntry;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.settings.SizeType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the summary about destinations. A setting that all addresses of a route share is told once; one in which
 * they differ, below each address.
 */
final class DestinationSummary {
    private static final String CONDITION = "condition";
    private static final String FORMAT = "format";

    private final SummaryLines lines;

    DestinationSummary(SummaryLines lines) {
        this.lines = lines;
    }

    /** Adds the destinations of one route. */
    void add(List<Destination> all) {
        Map<String, String> common = settings(all.get(0));
        for (Destination each : all) {
            common.entrySet().retainAll(settings(each).entrySet());
        }
        List.of(CONDITION, FORMAT).forEach(first -> {
            String value = common.get(first);
            if (value != null) {
                lines.line(first, value);
            }
        });
        for (Destination each : all) {
            lines.line("calls", address(each));
            Map<String, String> own = settings(each);
            own.entrySet().removeAll(common.entrySet());
            own.forEach((name, value) -> lines.line("  " + name, value));
        }
        common.keySet().removeAll(List.of(CONDITION, FORMAT));
        common.forEach(lines::line);
    }

    /** The settings of one destination, by their names in the summary. */
    private static Map<String, String> settings(Destination destination) {
        Destination.Calls calls = destination.calls();
        Map<String, String> settings = new LinkedHashMap<>();
        put(settings, CONDITION, destination.when());
        put(settings, FORMAT, format(destination.request()));
        settings.put(
                "each call",
                "within " + SummaryLines.time(calls.timeout()) + ", " + calls.maxInFlight() + " at once per address"
                        + rate(calls.rateLimit()));
        settings.put("retries", retries(destination.retry()));
        settings.put("hold", hold(destination.retry().holdFor()));
        settings.put("breaker", breaker(calls.circuitBreaker()));
        if (!calls.acceptOn().isEmpty()) {
            settings.put("accepted on", "2xx, " + statuses(calls.acceptOn()));
        }
        Address address = destination.address();
        if (address.isPlain() || address.isHttps()) {
            settings.put("rejected on", statuses(calls.rejectOn()));
        }
        return settings;
    }

    private static void put(Map<String, String> settings, String name, @Nullable String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }

    private static String statuses(Set<Integer> statuses) {
        return statuses.isEmpty() ? "nothing" : SummaryLines.join(new TreeSet<>(statuses));
    }

    /** Null: a statement takes the parts of each message, and there are no batches. */
    private static @Nullable String format(Destination.Request request) {
        Batch batch = request.batch();
        if (request.statement() != null) {
            return batch == null ? null : "batches of messages" + bounds(batch);
        }
        String single = request.format() == MessageFormat.TEMPLATE
                ? "template"
                : SummaryLines.lower(request.format()).replace('_', '-');
        return batch == null
                ? single
                : "batches of "
                        + (batch.format() == Batch.Format.ENVELOPES
                                ? "envelopes"
                                : "payloads (" + SummaryLines.lower(batch.format()) + ")")
                        + bounds(batch);
    }

    private static String bounds(Batch batch) {
        return ", up to " + batch.maxMessages() + " and " + SizeType.text(batch.maxBytes()) + ", waiting "
                + SummaryLines.time(batch.linger()) + " for more";
    }

    private static String address(Destination destination) {
        Destination.Request request = destination.request();
        List<String> parts = new ArrayList<>();
        boolean hasQuery = destination.address().url().getRawQuery() != null;
        parts.add(destination.address().display() + (hasQuery ? "?" + SummaryLines.HIDDEN : ""));
        if (!destination.enabled()) {
            parts.add("disabled");
        }
        if (!destination.id().equals(destination.address().id())) {
            parts.add("id " + destination.id());
        }
        if (destination.name() != null) {
            parts.add("name " + destination.name());
        }
        TargetEntry target = destination.target();
        if (target != null) {
            parts.add(target(target));
        }
        if (request.statement() != null) {
            parts.add("runs " + request.statement().strip());
        }
        request.headers().keySet().forEach(name -> parts.add(name + ": " + SummaryLines.HIDDEN));
        int secrets = request.signingSecrets().size();
        if (secrets > 0) {
            parts.add("signed with " + secrets + (secrets == 1 ? " secret" : " secrets"));
        }
        OAuth2 login = request.oauth2();
        if (login != null) {
            parts.add("token for " + login.clientId() + " from "
                    + login.tokenUrl().getScheme() + "://" + login.tokenUrl().getRawAuthority());
        }
        if (request.reply() != null) {
            parts.add(
                    "answers published to " + SummaryLines.join(request.reply().topics()));
        }
        boolean showsTls = destination.address().isHttps() || !request.tls().equals(TlsSettings.JVM_DEFAULT);
        return String.join(", ", parts) + (showsTls ? RouteSummary.tls(request.tls()) : "");
    }

    private static String target(TargetEntry target) {
        if (target instanceof KafkaTarget kafka) {
            return "at " + kafka.bootstrapServers();
        }
        if (target instanceof MqttTarget mqtt) {
            return "at " + SummaryLines.join(mqtt.addresses()) + RouteSummary.tls(mqtt.tls());
        }
        return "at most " + ((JdbcTarget) target).poolSize() + " connections";
    }

    private static String retries(Destination.Retry retry) {
        if (retry.retries() == 0) {
            return "none";
        }
        RetryBackoff backoff = retry.backoff();
        return retry.retries() + ", the first after " + SummaryLines.time(backoff.initial()) + ", then times "
                + backoff.multiplier() + " up to " + SummaryLines.time(backoff.max()) + ", jitter " + backoff.jitter();
    }

    private static String hold(Duration holdFor) {
        return holdFor.isZero()
                ? "none: each failure of an address counts"
                : "one message may hold up an address for " + SummaryLines.time(holdFor);
    }

    private static String rate(@Nullable Double limit) {
        return limit == null ? "" : ", " + limit + " a second";
    }

    private static String breaker(@Nullable CircuitBreakerSettings breaker) {
        return breaker == null
                ? "off"
                : "opens at " + breaker.failureRate() + " % failures of " + breaker.minCalls()
                        + " calls or more, then a probe every " + SummaryLines.time(breaker.openFor());
    }
}
