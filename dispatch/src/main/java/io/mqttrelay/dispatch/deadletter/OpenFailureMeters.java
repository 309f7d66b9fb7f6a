package io.mqttrelay.dispatch.deadletter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.deadletter.OpenTable.Label;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The meters of open failures. No meter is shown before the first count; then every configured address has one, with 0
 * if no failure is open. Published by one thread, read by any.
 */
final class OpenFailureMeters {
    /** The app and address of a series. */
    private record Shown(String appId, AddressLabel address) {}

    private record Count(AtomicLong value, Gauge gauge) {}

    private final MeterRegistry registry;
    private final Set<Shown> configured = new HashSet<>();
    private final Map<Label, Shown> known = new HashMap<>();
    private final Map<Shown, Count> counts = new HashMap<>();
    private final AtomicLong incomplete = new AtomicLong();
    private boolean published;

    OpenFailureMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Sets the addresses that are shown from the next {@link #publish} on. */
    void configured(Collection<Route> routes) {
        configured.clear();
        known.clear();
        for (Route route : routes) {
            // letters without an address, too: their first growth must be seen
            configured.add(new Shown(route.appId(), AddressLabel.NONE));
            for (Destination address : route.destinations()) {
                Shown shown = new Shown(route.appId(), address.label());
                configured.add(shown);
                known.put(new Label(route.appId(), route.name(), address.id()), shown);
            }
        }
    }

    /**
     * Shows the counts.
     *
     * @param counted the apps in the table: addresses of other apps are not shown yet
     * @param still the apps that cannot be counted now: their values stay
     */
    void publish(OpenTable table, Set<String> counted, Set<String> still) {
        if (!published) {
            published = true;
            Gauge.builder("relay.dispatch.dead.letters.incomplete", incomplete, AtomicLong::get)
                    .description("1: so many are open that relay_dispatch_dead_letters is a lower bound")
                    .register(registry);
        }
        Map<Shown, Long> open = new HashMap<>();
        table.counts().forEach((label, count) -> open.merge(shown(label), count, Long::sum));
        configured.stream().filter(shown -> counted.contains(shown.appId())).forEach(this::count);
        open.keySet().forEach(this::count);
        counts.entrySet()
                .removeIf(each -> !configured.contains(each.getKey())
                        && !open.containsKey(each.getKey())
                        && !still.contains(each.getKey().appId())
                        && registry.remove(each.getValue().gauge()) != null);
        counts.forEach((shown, count) -> {
            if (!still.contains(shown.appId())) {
                count.value().set(open.getOrDefault(shown, 0L));
            }
        });
        incomplete.set(table.isComplete() ? 0 : 1);
    }

    /** For a route or an address that left the configuration, only scheme, host and port are shown, and nothing of an id that is no URL. */
    private Shown shown(Label label) {
        Shown shown = known.get(label);
        return shown != null
                ? shown
                : new Shown(
                        label.appId(), AddressName.ofUnknown(label.address()).label());
    }

    private void count(Shown shown) {
        counts.computeIfAbsent(shown, added -> {
            AtomicLong value = new AtomicLong();
            Gauge gauge = Gauge.builder("relay.dispatch.dead.letters", value, AtomicLong::get)
                    .description("Dead letters that are open; every dispatcher reports the same number: take the"
                            + " maximum, not the sum")
                    .tags(
                            "app_id",
                            added.appId(),
                            "client_id",
                            added.address().clientId(),
                            "address",
                            added.address().address())
                    .register(registry);
            return new Count(value, gauge);
        });
    }
}
