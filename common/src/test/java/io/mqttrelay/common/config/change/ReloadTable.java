package io.mqttrelay.common.config.change;

import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.settings.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The section "Reload" of {@code docs/configuration.md}: when the change of a key applies. */
public final class ReloadTable {
    private static final String INTRODUCTION = """

            ## Reload

            `relay ingest` and `relay dispatch` apply a changed file without a restart: at SIGHUP, and by themselves within a few
            seconds after the file, or one that it refers to with `${file:...}`, has another content (a file replaced by a
            rename and Kubernetes' mounted ConfigMaps and Secrets, too). A file with problems is refused: all of them are in
            the log, the old configuration stays, and the next change is looked at. Environment variables stay as they were
            at the start; `relay quickstart` reads its file once. What is not named in a change goes on undisturbed:
            connections, partitions, calls in flight.

            By itself, dispatch follows a change a little sooner than ingest, so that it knows a new route before that route's
            first message comes. Where the two have files of their own, change dispatch's first when a route comes to an app
            that others share, and ingest's first when one goes: a message whose route dispatch does not know becomes a dead
            letter (`no_route`), to be replayed. A new address begins where its app's partitions stand.

            | key | a change applies |
            | --- | --- |
            """;

    /** The effect of a changed route key. */
    enum Effect {
        ROUTE(
                "another route: the one that was goes, one with that name comes. A route that goes takes nothing more; its"
                        + " session stays with the broker for `session_expiry`, and its backlog in Kafka, for its return. To"
                        + " unsubscribe it, set `enabled` to `false` first"),
        ENABLED(
                "at once: ingest unsubscribes and disconnects, or connects; dispatch leaves the backlog, or goes on with it"),
        SUBSCRIPTION(
                "on the connection that stands: first what is new is subscribed, then what is gone is unsubscribed."
                        + " Where old and new filters overlap, a message may come twice in between"),
        MESSAGES("to what arrives from then on"),
        STOP("at the next stop"),
        CONNECTION("at once: this route alone connects anew; its session is kept"),
        EXCLUDES("to messages that dispatch reads from then on"),
        CALLS(
                "from the next call of the addresses concerned. Calls that are out end first, at most `timeout`; what waits is"
                        + " sent by the new settings, retries without waiting any longer, and their circuit breakers begin anew");

        private final String text;

        Effect(String text) {
            this.text = text;
        }
    }

    private static final Section BROKERS = below(ConfigReader.ROOT, "mqtt_brokers");
    private static final Section ROUTES = below(BROKERS, "sub_deal_config");

    private static final Map<String, Effect> BROKER =
            Map.of("client_id", Effect.ROUTE, "retained", Effect.MESSAGES, "shared_leave", Effect.STOP);

    private static final Map<String, Effect> ROUTE = Map.of(
            "app_id", Effect.ROUTE,
            "enabled", Effect.ENABLED,
            "subTopic", Effect.SUBSCRIPTION,
            "excludeTopics", Effect.EXCLUDES);

    /** Keys without their own effect. */
    private static final Set<String> NONE = Set.of("sub_deal_config", "callbackMethod");

    private ReloadTable() {}

    private static Section below(Section section, String name) {
        return section.keys().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow()
                .type()
                .sections()
                .get(0);
    }

    /** Effects by key, for {@code mqtt_brokers} and {@code sub_deal_config}. */
    static Map<String, Effect> effects() {
        Map<String, Effect> effects = new LinkedHashMap<>();
        BROKERS.keys().forEach(key -> effects.put(key.name(), BROKER.getOrDefault(key.name(), Effect.CONNECTION)));
        effects.put("broker tls", Effect.CONNECTION);
        effects.remove("tls");
        ROUTES.keys().forEach(key -> effects.put(key.name(), ROUTE.getOrDefault(key.name(), Effect.CALLS)));
        effects.keySet().removeAll(NONE);
        return effects;
    }

    public static String text() {
        Map<Effect, List<String>> keys = new LinkedHashMap<>();
        effects()
                .forEach((key, effect) -> keys.computeIfAbsent(effect, unused -> new ArrayList<>())
                        .add(key));
        StringBuilder text = new StringBuilder(INTRODUCTION);
        for (Effect effect : Effect.values()) {
            row(text, keys.getOrDefault(effect, List.of()), effect.text);
        }
        row(
                text,
                new TreeSet<>(FixedSettings.names()),
                "after a restart: the log names what differs, `relay_config_restart_needed` is 1, the rest is applied");
        return text.toString();
    }

    private static void row(StringBuilder text, Iterable<String> keys, String when) {
        List<String> names = new ArrayList<>();
        keys.forEach(names::add);
        text.append(names.stream().map(key -> "`" + key + "`").collect(Collectors.joining(", ", "| ", " | ")))
                .append(when)
                .append(" |\n");
    }
}
