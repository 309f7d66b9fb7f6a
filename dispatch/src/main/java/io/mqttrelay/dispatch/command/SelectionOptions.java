package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.TopicFilter;
import io.mqttrelay.dispatch.deadletter.AddressFilter;
import io.mqttrelay.dispatch.deadletter.Selection;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that select, the same for the list and for the replay: the list shows the entries that would be sent. */
final class SelectionOptions {
    private static final int SMALLEST_STATUS = 100;
    private static final int LARGEST_STATUS = 999;

    @Option(
            names = "--address",
            paramLabel = "A",
            description =
                    "Only this address: its URL as the configuration writes it or the list shows it, its id, or only"
                            + " scheme, host and port.")
    private @Nullable String address;

    @Option(
            names = "--reason",
            paramLabel = "R",
            description = "Only this reason: rejected, retries_exhausted, expired, no_route, undecodable or too_large.")
    private @Nullable String reason;

    @Option(
            names = "--status",
            paramLabel = "N",
            description = "Only deliveries whose last answer had this HTTP status.")
    private @Nullable Integer status;

    @Option(names = "--topic", paramLabel = "FILTER", description = "Only MQTT topics that this filter (+, #) matches.")
    private @Nullable String topic;

    @Option(names = "--id", paramLabel = "ID", description = "Only the message with this id (relay-id, webhook-id).")
    private @Nullable String id;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only what became a dead letter then or later: " + Moments.FORMS + ".")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only what became a dead letter before then.")
    private @Nullable String to;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest first.")
    private @Nullable Long limit;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    Selection selection(RelayConfig config, Moments moments) throws UsageException {
        Instant begin = moment("--from", from, moments);
        Instant end = moment("--to", to, moments);
        if (begin != null && end != null && !begin.isBefore(end)) {
            throw wrong("--from must be before --to");
        }
        if (status != null && (status < SMALLEST_STATUS || status > LARGEST_STATUS)) {
            throw wrong("--status must be " + SMALLEST_STATUS + ".." + LARGEST_STATUS);
        }
        if (limit != null && limit < 1) {
            throw wrong("--limit must be 1 or more");
        }
        return new Selection(
                addressFilter(config),
                deadReason(),
                status,
                topicFilter(),
                id,
                begin,
                end,
                limit == null ? Long.MAX_VALUE : limit);
    }

    /** Returns the named app, or else all apps of the configuration; enabled or not. */
    Collection<String> apps(RelayConfig config, @Nullable String appId) throws UsageException {
        Set<String> apps = new LinkedHashSet<>();
        config.routes().stream().map(Route::appId).forEach(apps::add);
        if (appId == null) {
            return apps;
        }
        if (!apps.contains(appId)) {
            throw wrong("--app-id: the configuration has no app " + Printable.cut(appId) + ", only "
                    + Printable.escape(String.join(", ", apps)));
        }
        return List.of(appId);
    }

    boolean hasFrom() {
        return from != null;
    }

    /** The typed option that only a dead letter can match; null: none was typed. */
    @Nullable
    String deadLetterOption() {
        if (reason != null) {
            return "--reason";
        }
        return status == null ? null : "--status";
    }

    /**
     * The options as they were typed: the same text is the same selection, although {@code 24h} is another time later.
     */
    String typed() {
        return String.join("\n", List.of(text(address), text(topic), text(id), text(from), text(to), text(limit)));
    }

    private static String text(@Nullable Object option) {
        return option == null ? "" : option.toString().strip();
    }

    private @Nullable AddressFilter addressFilter(RelayConfig config) throws UsageException {
        if (address == null) {
            return null;
        }
        List<Destination> known = config.routes().stream()
                .flatMap(route -> route.destinations().stream())
                .toList();
        String typed = AddressFilter.withoutLogin(address.strip());
        // a URL with a secret path is not its id; in the form that validate shows, it may match several
        Set<String> meant = new LinkedHashSet<>();
        boolean precise = false;
        for (Destination each : known) {
            boolean isUrl = each.address().url().toString().equals(typed);
            if (isUrl || each.id().equals(typed) || each.address().display().equals(typed)) {
                meant.add(each.id());
            }
            if (isUrl && each.address().secretPath() == null) {
                meant.add(each.address().id()); // dead letters of the time before the address had an id of its own
            }
            precise |= isUrl || each.id().equals(typed);
        }
        AddressFilter filter = AddressFilter.of(
                precise || meant.size() == 1 ? meant.iterator().next() : address,
                meant.isEmpty() ? known.stream().map(Destination::id).toList() : meant);
        if (filter == null) {
            throw wrong("--address must be the URL or the id of an address");
        }
        return filter.or(meant);
    }

    private @Nullable DeadReason deadReason() throws UsageException {
        if (reason == null) {
            return null;
        }
        for (DeadReason each : DeadReason.values()) {
            if (each.text().equalsIgnoreCase(reason.strip())) {
                return each;
            }
        }
        String known = Arrays.stream(DeadReason.values()).map(DeadReason::text).collect(Collectors.joining(", "));
        throw wrong("--reason: there is no '" + Printable.cut(reason) + "', only " + known);
    }

    private @Nullable TopicFilter topicFilter() throws UsageException {
        try {
            return topic == null ? null : TopicFilter.parse(topic);
        } catch (IllegalArgumentException e) {
            throw wrong("--topic: " + e.getMessage());
        }
    }

    private @Nullable Instant moment(String option, @Nullable String text, Moments moments) throws UsageException {
        if (text == null) {
            return null;
        }
        Instant moment = moments.read(text);
        if (moment == null) {
            throw wrong(option + ": '" + Printable.cut(text) + "' is not a time; write " + Moments.FORMS);
        }
        return moment;
    }

    private UsageException wrong(String what) {
        return new UsageException((command == null ? "" : command.qualifiedName() + ": ") + what);
    }
}
