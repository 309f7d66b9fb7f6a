package io.mqttrelay.common.config.change;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A route before and after a change: the same app and name.
 *
 * @param from before the change
 * @param to after the change
 */
public record RouteChange(Route from, Route to) {
    /** Whether the MQTT connection changes: any setting of {@link Broker} except those for messages and for people. */
    public boolean isOfConnection() {
        return !connection(from.broker(), to).equals(to.broker());
    }

    private static Broker connection(Broker broker, Route to) {
        return new Broker(
                broker.username(),
                broker.password(),
                broker.keepAlive(),
                broker.addresses(),
                broker.mqttVersion(),
                broker.tls(),
                broker.websocketPath(),
                broker.sessionExpiry(),
                broker.receiveMaximum(),
                broker.sharedGroup(),
                to.broker().deliverRetained(),
                to.broker().sharedLeave(),
                to.broker().shown());
    }

    /** Whether the route was switched on or off for ingest. */
    public boolean isOfEnabled() {
        return from.enabled() != to.enabled();
    }

    /** Whether the settings of calls to this destination have changed, or only one of the two routes has it. */
    public boolean isOfCalls(String destinationId) {
        Destination before = find(from, destinationId);
        Destination after = find(to, destinationId);
        return before == null || after == null || !before.hasCallsOf(after);
    }

    /** Whether this destination, which both routes have, was switched on or off. */
    public boolean isOfEnabled(String destinationId) {
        Destination before = find(from, destinationId);
        Destination after = find(to, destinationId);
        return before != null && after != null && before.enabled() != after.enabled();
    }

    private static @Nullable Destination find(Route route, String id) {
        for (Destination destination : route.destinations()) {
            if (destination.id().equals(id)) {
                return destination;
            }
        }
        return null;
    }

    /** The changes in one line for the log: {@code +address y, -address z, excludeTopics}. */
    String summary() {
        List<String> parts = new ArrayList<>();
        addresses(parts);
        say(parts, "subTopic", Route::subscriptions);
        say(parts, "excludeTopics", Route::excludes);
        say(parts, "enabled", Route::enabled);
        say(parts, "retained", route -> route.broker().deliverRetained());
        say(parts, "shared_leave", route -> route.broker().sharedLeave());
        say(parts, "ordering", Route::ordering);
        if (isOfConnection()) {
            parts.add("MQTT connection");
        }
        return parts.isEmpty() ? "order of its entries" : String.join(", ", parts);
    }

    private void addresses(List<String> parts) {
        boolean ofRoute = isOfEnabled();
        for (Destination each : to.destinations()) {
            if (find(from, each.id()) == null) {
                parts.add("+address " + each.display());
            } else if (isOfCalls(each.id())) {
                parts.add("~address " + each.display());
            } else if (isOfEnabled(each.id()) && !ofRoute) {
                parts.add((each.enabled() ? "address enabled: " : "address disabled: ") + each.display());
            }
        }
        for (Destination each : from.destinations()) {
            if (find(to, each.id()) == null) {
                parts.add("-address " + each.display());
            }
        }
    }

    private void say(List<String> parts, String name, Function<Route, Object> setting) {
        if (!Objects.equals(setting.apply(from), setting.apply(to))) {
            parts.add(name);
        }
    }
}
