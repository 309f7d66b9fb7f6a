package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An app's routes by name, and the addresses that a delivery may be sent to again. */
final class AppRoutes {
    /** The destination of a replay, or the reason why there is none: one of the two. */
    record Destination(Optional<Skip> skip, Optional<Route> route, List<String> addresses) {
        static Destination none(Skip skip) {
            return new Destination(Optional.of(skip), Optional.empty(), List.of());
        }

        private static Destination to(Route route, List<String> addresses) {
            return new Destination(Optional.empty(), Optional.of(route), addresses);
        }
    }

    private final String appId;
    private final Map<String, Route> routes = new HashMap<>();

    AppRoutes(RelayConfig config, String appId) {
        this.appId = appId;
        for (Route route : config.routes()) {
            if (route.appId().equals(appId)) {
                routes.put(route.name(), route);
            }
        }
    }

    String appId() {
        return appId;
    }

    /**
     * Finds the destination of a delivery.
     *
     * @param clientId the name of the route that received it; null: not known
     * @param address null: each address of the route
     */
    Destination of(@Nullable String clientId, @Nullable String address) {
        Route route = clientId == null ? null : routes.get(clientId);
        if (route == null) {
            return Destination.none(Skip.NO_ROUTE);
        }
        if (!route.enabled()) {
            return Destination.none(Skip.DISABLED);
        }
        List<String> addresses = route.addresses().stream().map(Address::id).toList();
        if (address == null) {
            return Destination.to(route, addresses);
        }
        return addresses.contains(address)
                ? Destination.to(route, List.of(address))
                : Destination.none(Skip.NO_ADDRESS);
    }
}
