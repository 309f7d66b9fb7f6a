package io.mqttrelay.common.config.change;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
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

    /** Whether the settings of calls to this address, which both routes have, have changed. */
    public boolean isOfAddress(Address address) {
        Address before = find(from, address.id());
        return before == null || !before.equals(find(to, address.id())) || isOfCalls();
    }

    /** Whether the settings of calls to all addresses have changed. */
    private boolean isOfCalls() {
        return !calls(from).equals(calls(to));
    }

    /** The settings of calls, except those of the address. */
    private static List<@Nullable Object> calls(Route route) {
        List<@Nullable Object> terms = new ArrayList<>();
        terms.add(route.appName());
        terms.add(route.retry());
        terms.add(route.retryBackoff());
        terms.add(route.holdFor());
        terms.add(route.timeout());
        terms.add(route.ordering());
        terms.add(route.messageFormat());
        terms.add(route.maxInFlight());
        terms.add(route.rateLimit());
        terms.add(route.batch());
        terms.add(route.circuitBreaker());
        terms.add(route.rejectOn());
        return terms;
    }

    private static @Nullable Address find(Route route, String id) {
        for (Address address : route.addresses()) {
            if (address.id().equals(id)) {
                return address;
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
        for (Address address : to.addresses()) {
            if (find(from, address.id()) == null) {
                parts.add("+address " + address.display());
            } else if (isOfAddress(address)) {
                parts.add("~address " + address.display());
            }
        }
        for (Address address : from.addresses()) {
            if (find(to, address.id()) == null) {
                parts.add("-address " + address.display());
            }
        }
    }

    private void say(List<String> parts, String name, Function<Route, Object> setting) {
        if (!Objects.equals(setting.apply(from), setting.apply(to))) {
            parts.add(name);
        }
    }
}
