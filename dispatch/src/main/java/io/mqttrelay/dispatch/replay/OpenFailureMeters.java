package io.mqttrelay.dispatch.replay;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.dispatch.replay.OpenTable.Label;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The meters of open failures. Nothing is shown before it was counted once; then every configured address is, with 0 where
 * nothing is open. Published by one thread, read by any.
 */
final class OpenFailureMeters {
    private final MeterRegistry registry;
    private final Set<Label> configured = new HashSet<>();
    private final Map<Label, Count> counts = new HashMap<>();
    private final AtomicLong incomplete = new AtomicLong();
    private boolean published;

    private record Count(AtomicLong value, Gauge gauge) {}

    OpenFailureMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** These, and no others, are shown from the next {@link #publish} on. */
    void configured(Collection<Route> routes) {
        configured.clear();
        for (Route route : routes) {
            configured.add(
                    new Label(route.appId(), "")); // those of no address, which must be seen to grow from none, too
            for (Address address : route.addresses()) {
                configured.add(new Label(route.appId(), address.origin()));
            }
        }
    }

    /** @param counted the apps that the table speaks of: what is configured of others is not shown before it does */
    void publish(OpenTable table, Set<String> counted) {
        if (!published) {
            published = true;
            Gauge.builder("relay.dispatch.dead.letters.incomplete", incomplete, AtomicLong::get)
                    .description("1: so many are open that relay_dispatch_dead_letters is a lower bound")
                    .register(registry);
        }
        Map<Label, Long> open = table.counts();
        configured.stream().filter(label -> counted.contains(label.appId())).forEach(this::count);
        open.keySet().forEach(this::count);
        counts.entrySet()
                .removeIf(each -> !configured.contains(each.getKey())
                        && !open.containsKey(each.getKey())
                        && registry.remove(each.getValue().gauge()) != null);
        counts.forEach((label, count) -> count.value().set(open.getOrDefault(label, 0L)));
        incomplete.set(table.isComplete() ? 0 : 1);
    }

    private void count(Label label) {
        counts.computeIfAbsent(label, added -> {
            AtomicLong value = new AtomicLong();
            Gauge gauge = Gauge.builder("relay.dispatch.dead.letters", value, AtomicLong::get)
                    .description("Dead letters that are open; every dispatcher reports the same number: take the"
                            + " maximum, not the sum")
                    .tags("app_id", added.appId(), "address", added.address())
                    .register(registry);
            return new Count(value, gauge);
        });
    }
}
