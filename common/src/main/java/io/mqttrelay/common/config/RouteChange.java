package io.mqttrelay.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A route before and after a change: the same app and name.
 *
 * @param from as it was
 * @param to as it is to be
 */
public record RouteChange(Route from, Route to) {
    /** Whether the MQTT connection is another one: all of {@link Broker} but what is only about messages. */
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
                to.broker().deliverRetained());
    }

    /** Whether ingest is to begin or to end taking messages. */
    public boolean isOfEnabled() {
        return from.enabled() != to.enabled();
    }

    /** Whether a call to this address, which both have, is made on other terms than before. */
    public boolean isOfAddress(Address address) {
        Address before = find(from, address.id());
        return before == null || !before.equals(find(to, address.id())) || isOfCalls();
    }

    /** Whether calls to all addresses are made on other terms than before. */
    private boolean isOfCalls() {
        return !calls(from).equals(calls(to));
    }

    /** All that a call depends on, but for its address. */
    private static List<@Nullable Object> calls(Route route) {
        List<@Nullable Object> terms = new ArrayList<>();
        terms.add(route.appName());
        terms.add(route.retry());
        terms.add(route.retryBackoff());
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

    /** What changed, for people: {@code +address y, -address z, excludeTopics}. */
    String summary() {
        List<String> parts = new ArrayList<>();
        addresses(parts);
        say(parts, "subTopic", Route::subscriptions);
        say(parts, "excludeTopics", Route::excludes);
        say(parts, "enabled", Route::enabled);
        say(parts, "retained", route -> route.broker().deliverRetained());
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
