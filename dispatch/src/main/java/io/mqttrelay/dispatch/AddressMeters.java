package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.route.Targets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** The state of each address, by app and label: of several addresses with one label, the sum or the worst value. */
final class AddressMeters {
    private record Label(String appId, AddressLabel address) {}

    /** The addresses with one label; a reload may change them. */
    private static final class Same {
        private volatile List<Target> targets = List.of();
        private final List<Gauge> gauges = new ArrayList<>();
    }

    private final MeterRegistry registry;
    private final ToIntFunction<Target> inFlight;
    private final LongSupplier nanoTime;
    private final Map<Label, Same> byLabel = new HashMap<>(); // guarded by this

    /**
     * Makes meters without addresses, until {@link #of} is called.
     *
     * @param inFlight calls in flight of a target
     * @param nanoTime a monotonic clock, nanoseconds
     */
    AddressMeters(MeterRegistry registry, ToIntFunction<Target> inFlight, LongSupplier nanoTime) {
        this.registry = registry;
        this.inFlight = inFlight;
        this.nanoTime = nanoTime;
    }

    /** Replaces the addresses; gauges of others are removed. Any thread. */
    synchronized void of(Targets targets) {
        Map<Label, List<Target>> labels = new HashMap<>();
        for (Targets.RouteTargets route : targets.all()) {
            for (Target target : route.targets()) {
                Label label = new Label(target.appId(), target.destination().label());
                labels.computeIfAbsent(label, unused -> new ArrayList<>()).add(target);
            }
        }
        byLabel.entrySet().removeIf(each -> !labels.containsKey(each.getKey()) && takeBack(each.getValue()));
        labels.forEach((label, same) -> byLabel.computeIfAbsent(label, this::register).targets = List.copyOf(same));
    }

    /** Addresses whose circuit breaker is open, a line each. Any thread. */
    synchronized List<String> down() {
        return byLabel.values().stream()
                .flatMap(same -> same.targets.stream())
                .filter(target -> target.breaker().state() > 0)
                .map(target -> Targets.name(target.destination())
                        + " keeps failing, its circuit breaker is open; its messages wait")
                .sorted()
                .toList();
    }

    private boolean takeBack(Same same) {
        same.gauges.forEach(registry::remove);
        return true;
    }

    private Same register(Label label) {
        Same same = new Same();
        gauge(
                same,
                label,
                "relay.dispatch.in.flight",
                "Calls that are out now",
                targets -> targets.stream().mapToInt(inFlight).sum());
        gauge(
                same,
                label,
                "relay.dispatch.breaker.state",
                "The circuit breaker: 0 closed, 1 half open (a probe may go out), 2 open (nothing is sent)",
                targets -> targets.stream()
                        .mapToInt(target -> target.breaker().state())
                        .max()
                        .orElse(0));
        gauge(
                same,
                label,
                "relay.dispatch.retry.after",
                "Seconds for which the address asked to be left alone, those that are left; 0: it did not",
                targets -> targets.stream()
                        .mapToDouble(target ->
                                target.retryAfter().left(nanoTime.getAsLong()).toMillis() / 1000.0)
                        .max()
                        .orElse(0));
        return same;
    }

    private void gauge(Same same, Label label, String name, String description, ToDoubleFunction<List<Target>> value) {
        same.gauges.add(Gauge.builder(name, same, each -> value.applyAsDouble(each.targets))
                .description(description)
                .tags(
                        "app_id",
                        label.appId(),
                        "client_id",
                        label.address().clientId(),
                        "address",
                        label.address().address())
                .strongReference(true)
                .register(registry));
    }
}
