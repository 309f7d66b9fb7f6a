package io.mqttrelay.dispatch.route;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.RouteChange;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.window.AddressKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The addresses of each route. Immutable. */
public final class Targets {
    /** A route with everything that its messages need. */
    public record RouteTargets(Route route, Excludes excludes, List<Target> targets) {
        public static RouteTargets of(Route route, List<Target> targets) {
            return new RouteTargets(route, new Excludes(route.excludes()), List.copyOf(targets));
        }

        /** By the address's id; null: the route has no such address, or no longer. */
        @Nullable
        Target target(String addressId) {
            for (Target target : targets) {
                if (target.destination().id().equals(addressId)) {
                    return target;
                }
            }
            return null;
        }
    }

    private record Key(String appId, String clientId) {}

    private final Map<Key, RouteTargets> routes = new LinkedHashMap<>();
    private final Map<Long, Target> byKey = new HashMap<>();

    public Targets(Collection<RouteTargets> routes) {
        for (RouteTargets each : routes) {
            this.routes.put(new Key(each.route().appId(), each.route().name()), each);
            each.targets().forEach(target -> byKey.put(target.key(), target));
        }
    }

    /** Makes the objects that belong to one address. */
    public interface Factory {
        /**
         * Makes the target of an address, with its own connections, lanes and circuit breaker.
         *
         * @throws io.mqttrelay.dispatch.sink.UnusableAddressException if the address cannot be called as configured
         */
        Target target(Destination destination);

        /** Makes the meters of an address with its current label. */
        DeliveryMeters meters(Destination destination);
    }

    public static Targets of(Collection<Route> routes, Factory factory) {
        return of(routes, factory, (route, destination) -> null);
    }

    /**
     * Makes the targets of a changed configuration: addresses whose call settings have not changed keep their targets.
     *
     * @param routes all routes of the new configuration
     * @throws RuntimeException of the factory, if an address cannot be called as configured; nothing has changed then
     */
    public Targets changed(Collection<Route> routes, ConfigDifference difference, Factory factory) {
        Set<Route> added = new HashSet<>(difference.added());
        Map<Route, RouteChange> changes = new HashMap<>();
        difference.changed().forEach(change -> changes.put(change.to(), change));
        return of(routes, factory, (route, destination) -> {
            RouteChange change = changes.get(route);
            String id = destination.id();
            boolean other =
                    added.contains(route) || (change != null && (change.isOfEnabled(id) || change.isOfCalls(id)));
            return other ? null : of(AddressKey.of(route.name(), id));
        });
    }

    private static Targets of(
            Collection<Route> routes, Factory factory, BiFunction<Route, Destination, @Nullable Target> known) {
        List<RouteTargets> all = new ArrayList<>();
        for (Route route : routes) {
            List<Target> targets = new ArrayList<>();
            for (Destination destination : route.destinations()) {
                Target target = known.apply(route, destination);
                targets.add(target == null ? factory.target(destination) : target);
            }
            all.add(RouteTargets.of(route, targets));
        }
        return new Targets(all);
    }

    /**
     * Gives each target the label of its address in the configuration. An address keeps its target and changes its label
     * when an address of the same host comes or goes.
     */
    public void relabel(Factory factory) {
        for (RouteTargets each : routes.values()) {
            for (Destination destination : each.route().destinations()) {
                Target target = each.target(destination.id());
                if (target != null && !target.destination().label().equals(destination.label())) {
                    target.relabel(destination, factory.meters(destination));
                }
            }
        }
    }

    /** The name of a destination, as the operator knows it. */
    public static String name(Destination destination) {
        Destination.Owner owner = destination.owner();
        return "app " + owner.appId() + ", route " + owner.clientId() + ": callback " + destination.display();
    }

    /** By its {@link AddressKey}; null: the configuration has no such address. */
    @Nullable
    public Target of(long key) {
        return byKey.get(key);
    }

    /** Null: the configuration has no such route, or no longer. */
    @Nullable
    RouteTargets of(String appId, String clientId) {
        return routes.get(new Key(appId, clientId));
    }

    public Collection<RouteTargets> all() {
        return routes.values();
    }

    /** The targets of all routes. */
    public Collection<Target> targets() {
        return byKey.values();
    }

    /** The targets that are enabled. */
    public Collection<Target> served() {
        return byKey.values().stream()
                .filter(target -> target.destination().enabled())
                .toList();
    }

    /** The keys of targets that {@code others} does not have, or has with other settings. */
    public Set<Long> keysOfOthersThan(Targets others) {
        Set<Long> keys = new HashSet<>(byKey.keySet());
        keys.removeIf(key -> others.of(key) == byKey.get(key));
        return keys;
    }
}
