package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.route.Excludes;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.UnshapedMessageException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains, route by route, how the relay would handle a message. */
final class Explain {
    private final RelayConfig config;
    private final TopicNames topics;
    private final SinkProviders providers;
    private final PreviewContext context;
    private final Clock clock;

    Explain(RelayConfig config, SinkProviders providers, PreviewContext context) {
        this.config = config;
        this.topics = new TopicNames(config.kafka().topicPrefix());
        this.providers = providers;
        this.context = context;
        this.clock = context.clock();
    }

    /** Makes text for a terminal: no control characters except line ends, no secrets. */
    String text(Example example) {
        TerminalText lines = new TerminalText();
        lines.add("A message on topic " + Printable.escape(example.topic()) + " with a payload of "
                + example.payload().length + " bytes" + properties(example) + ":");
        int delivering = 0;
        for (Route route : config.routes()) {
            lines.blank();
            delivering += explain(route, example, lines) ? 1 : 0;
        }
        lines.blank();
        lines.add(summary(delivering));
        return lines.toString();
    }

    private static String properties(Example example) {
        int count = example.properties().size();
        return count == 0 ? "" : count == 1 ? " and 1 user property" : " and " + count + " user properties";
    }

    private String summary(int delivering) {
        int all = config.routes().size();
        return delivering == 0
                ? "Nothing is delivered: none of " + all + " routes takes this message to a callback."
                : "Delivered by " + delivering + " of " + all + " routes.";
    }

    /** Adds the lines of one route; returns whether the route delivers the message. */
    private boolean explain(Route route, Example example, TerminalText lines) {
        String who = "App " + Printable.escape(route.appId()) + ", route " + Printable.escape(route.name());
        Optional<Subscription> taking = route.subscriptions().stream()
                .filter(subscription -> subscription.filter().matches(example.topic()))
                .findFirst();
        if (taking.isEmpty()) {
            lines.add(who + ": does not take it, no filter matches");
            lines.field("filters", filters(route));
            return false;
        }
        if (!route.enabled()) {
            lines.add(who + ": would take it, but is disabled");
            lines.field("filter", filter(route, taking.get()));
            return false;
        }
        Optional<ExcludeRule> excluded = new Excludes(route.excludes()).match(example.topic());
        lines.add(who + (excluded.isEmpty() ? ": takes it" : ": stores it and does not deliver it, it is excluded"));
        lines.field("filter", filter(route, taking.get()));
        excluded.ifPresent(rule -> lines.field("excluded by", Printable.escape(rule.toString())));
        lines.field("Kafka topic", topics.messages(route.appId()));
        lines.field(
                "Kafka key", Printable.escape(RecordCodec.keyText(route.appId(), example.topic(), route.ordering())));
        if (excluded.isPresent()) {
            return false;
        }
        RelayMessage message = message(route, example, taking.get());
        for (Destination destination : route.destinations()) {
            lines.blank();
            request(destination, message, lines);
        }
        return true;
    }

    private static String filters(Route route) {
        return route.subscriptions().stream()
                .map(subscription -> filter(route, subscription))
                .collect(Collectors.joining(", "));
    }

    private static String filter(Route route, Subscription subscription) {
        String group = route.broker().sharedGroup();
        String shared = group == null ? "" : "$share/" + group + "/";
        return Printable.escape(shared + subscription.filter()) + " (qos " + subscription.qos() + ")";
    }

    @SuppressWarnings("NullAway") // NullAway does not see in a class file that the array may be null
    private RelayMessage message(Route route, Example example, Subscription subscription) {
        return new RelayMessage(
                new RelayIds(clock, clock.millis()).next(),
                route.appId(),
                route.name(),
                clock.millis(),
                example.topic(),
                example.deliveredQos(subscription.qos()),
                false,
                null,
                null,
                null,
                null,
                example.deliveredProperties(route.broker().mqttVersion()),
                example.payload());
    }

    private void request(Destination destination, RelayMessage message, TerminalText lines) {
        String to = "  to " + Printable.escape(destination.display());
        if (!destination.enabled()) {
            lines.add(to + ": waits in Kafka, the address is disabled");
            return;
        }
        String why = TemplateText.undelivered(destination, message);
        if (why != null) {
            lines.add(to + ": " + Printable.escape(why));
            return;
        }
        RequestPreview request;
        try {
            request = providers.preview(destination, message, context);
        } catch (UnshapedMessageException e) {
            lines.add(
                    to + ": becomes a dead letter unprocessable, " + Printable.escape(String.valueOf(e.getMessage())));
            return;
        }
        Destination.Calls calls = destination.calls();
        lines.add(to + ", at most " + (destination.retry().retries() + 1L) + " attempts of "
                + seconds(calls.timeout()) + " s" + rate(calls.rateLimit())
                + alone(destination.request().batch()) + ":");
        lines.blank();
        lines.add("    " + request.action() + " " + Printable.escape(request.destination()));
        request.headers().forEach(header -> lines.add("    " + header));
        lines.blank();
        lines.body(request.body());
    }

    private static String rate(@Nullable Double limit) {
        return limit == null ? "" : ", no more than " + limit + " calls a second";
    }

    private static String alone(@Nullable Batch batch) {
        return batch == null
                ? ""
                : ", here as a batch of one of the up to " + batch.maxMessages() + " messages that fit";
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
