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
    private final Map<Label, AtomicLong> gauges = new HashMap<>();
    private final AtomicLong incomplete = new AtomicLong();
    private boolean published;

    OpenFailureMeters(MeterRegistry registry, Collection<Route> routes) {
        this.registry = registry;
        for (Route route : routes) {
            for (Address address : route.addresses()) {
                configured.add(new Label(route.appId(), address.origin()));
            }
        }
    }

    void publish(OpenTable table) {
        if (!published) {
            published = true;
            Gauge.builder("relay.dispatch.dead.letters.incomplete", incomplete, AtomicLong::get)
                    .description("1: so many are open that relay_dispatch_dead_letters is a lower bound")
                    .register(registry);
            configured.forEach(this::gauge);
        }
        Map<Label, Long> counts = table.counts();
        counts.keySet().forEach(this::gauge);
        gauges.forEach((label, gauge) -> gauge.set(counts.getOrDefault(label, 0L)));
        incomplete.set(table.isComplete() ? 0 : 1);
    }

    private AtomicLong gauge(Label label) {
        return gauges.computeIfAbsent(label, added -> {
            AtomicLong count = new AtomicLong();
            Gauge.builder("relay.dispatch.dead.letters", count, AtomicLong::get)
                    .description("Dead letters that are open; every dispatcher reports the same number: take the"
                            + " maximum, not the sum")
                    .tags("app_id", added.appId(), "address", added.address())
                    .register(registry);
            return count;
        });
    }
}
