package io.mqttrelay.ingest;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.ingest.mqtt.Filters;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which messages a route takes: all messages of its connection except those of removed filters. A broker may
 * rewrite topics, so a topic that matches no filter is no reason to drop a message. Immutable.
 */
final class Takes {
    private final Route route;
    private final List<Filters> filters;
    private final List<Filters> removed;

    private Takes(Route route, List<Filters> filters, List<Filters> removed) {
        this.route = route;
        this.filters = List.copyOf(filters);
        this.removed = List.copyOf(removed);
    }

    static Takes of(Route route) {
        return new Takes(route, List.of(new Filters(route)), List.of());
    }

    /**
     * Applies the new filters. The previous filters still count, because the broker may still send messages for them.
     */
    Takes change(Route next) {
        List<Filters> both = new ArrayList<>(List.of(new Filters(next)));
        both.addAll(filters);
        return new Takes(next, both, removed);
    }

    /** Marks the previous filters as removed by the broker. */
    Takes othersGone() {
        List<Filters> gone = new ArrayList<>(removed);
        gone.addAll(filters.subList(1, filters.size()));
        return new Takes(route, filters.subList(0, 1), gone);
    }

    Route route() {
        return route;
    }

    /** Whether a message of this topic matches a filter of the route. */
    boolean matches(String topic) {
        return anyMatches(filters, topic);
    }

    /** Whether a message that matches no filter of the route came by a removed filter. */
    boolean wasRemoved(String topic) {
        return anyMatches(removed, topic);
    }

    private static boolean anyMatches(List<Filters> all, String topic) {
        for (Filters each : all) {
            if (each.match(topic)) {
                return true;
            }
        }
        return false;
    }
}
