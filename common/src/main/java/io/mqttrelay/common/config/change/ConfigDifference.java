package io.mqttrelay.common.config.change;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The difference between two configurations. A route is identified by its app and its name.
 *
 * @param added in the new file's order
 * @param removed in the old file's order
 * @param changed in both, and not equal
 * @param targets of the new file
 * @param needRestart the settings outside of routes that differ, such as {@code kafka.partitions}
 */
public record ConfigDifference(
        List<Route> added,
        List<Route> removed,
        List<RouteChange> changed,
        TargetSettings targets,
        List<String> needRestart) {
    public ConfigDifference {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
        needRestart = List.copyOf(needRestart);
    }

    private record Key(String appId, String name) {
        static Key of(Route route) {
            return new Key(route.appId(), route.name());
        }
    }

    /** Compares the running configuration with another one. */
    public static ConfigDifference between(RelayConfig from, RelayConfig to) {
        Map<Key, Route> gone = byKey(from);
        List<Route> added = new ArrayList<>();
        List<RouteChange> changed = new ArrayList<>();
        for (Route route : to.routes()) {
            Route before = gone.remove(Key.of(route));
            if (before == null) {
                added.add(route);
            } else if (!before.equals(route)) {
                changed.add(new RouteChange(before, route));
            }
        }
        return new ConfigDifference(
                added, List.copyOf(gone.values()), changed, to.targets(), FixedSettings.differing(from, to));
    }

    private static Map<Key, Route> byKey(RelayConfig config) {
        Map<Key, Route> routes = new LinkedHashMap<>();
        config.routes().forEach(route -> routes.put(Key.of(route), route));
        return routes;
    }

    /** Whether the routes are the same. */
    public boolean isOfNoRoute() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** The configuration after the change. Settings that need a restart keep their old values. */
    public RelayConfig applyTo(RelayConfig running) {
        Map<Key, Route> routes = byKey(running);
        removed.forEach(route -> routes.remove(Key.of(route)));
        changed.forEach(change -> routes.put(Key.of(change.to()), change.to()));
        added.forEach(route -> routes.put(Key.of(route), route));
        return running.withRoutes(List.copyOf(routes.values()), targets);
    }

    /** The changed routes in one line for the log: {@code +app x, ~route r: ~address y}. */
    public String summary() {
        return Stream.of(
                        added.stream().map(route -> "+" + name(route)),
                        removed.stream().map(route -> "-" + name(route)),
                        changed.stream().map(change -> "~" + name(change.to()) + ": " + change.summary()))
                .flatMap(each -> each)
                .reduce((a, b) -> a + "; " + b)
                .orElse("no route changed");
    }

    private static String name(Route route) {
        return "app " + Printable.cut(route.appId()) + ", route " + Printable.cut(route.name());
    }
}
