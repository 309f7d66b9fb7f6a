package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.deadletter.ReplayReport.Skip;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An app's routes by name, and the addresses that a delivery may be sent to again. */
final class AppRoutes {
    /** The addresses that get a message again, or the reason why none does: one of the two. */
    record Redelivery(Optional<Skip> skip, Optional<Route> route, List<String> addresses) {
        static Redelivery none(Skip skip) {
            return new Redelivery(Optional.of(skip), Optional.empty(), List.of());
        }

        private static Redelivery to(Route route, List<String> addresses) {
            return new Redelivery(Optional.empty(), Optional.of(route), addresses);
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
     * Finds the addresses that get a message again.
     *
     * @param clientId the name of the route that received it; null: not known
     * @param address null: each address of the route
     */
    Redelivery of(@Nullable String clientId, @Nullable String address) {
        Route route = clientId == null ? null : routes.get(clientId);
        if (route == null) {
            return Redelivery.none(Skip.NO_ROUTE);
        }
        List<Destination> meant = route.destinations().stream()
                .filter(destination -> address == null || destination.id().equals(address))
                .toList();
        List<String> enabled =
                meant.stream().filter(Destination::enabled).map(Destination::id).toList();
        if (meant.isEmpty()) {
            return Redelivery.none(Skip.NO_ADDRESS);
        }
        return enabled.isEmpty() ? Redelivery.none(Skip.DISABLED) : Redelivery.to(route, enabled);
    }
}
