package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.dispatch.deliver.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** The state of each address, by app and origin: where several have one label, their sum, or the worst of them. */
final class AddressMeters {
    private record Label(String appId, String origin) {}

    private final MeterRegistry registry;
    private final Map<Label, List<Target>> byLabel = new LinkedHashMap<>();

    private AddressMeters(MeterRegistry registry, Targets targets) {
        this.registry = registry;
        for (Targets.RouteTargets route : targets.all()) {
            for (Target target : route.targets()) {
                Label label = new Label(route.route().appId(), target.address().origin());
                byLabel.computeIfAbsent(label, unused -> new ArrayList<>()).add(target);
            }
        }
    }

    /** @param nanoTime a monotonic clock, nanoseconds */
    static void register(MeterRegistry registry, Targets targets, DispatchPath path, LongSupplier nanoTime) {
        AddressMeters meters = new AddressMeters(registry, targets);
        meters.gauge(
                "relay.dispatch.in.flight",
                "Calls that are out now",
                same -> same.stream().mapToInt(path::inFlight).sum());
        meters.gauge(
                "relay.dispatch.breaker.state",
                "The circuit breaker: 0 closed, 1 half open (a probe may go out), 2 open (nothing is sent)",
                same -> same.stream()
                        .mapToInt(target -> target.breaker().state())
                        .max()
                        .orElse(0));
        meters.gauge(
                "relay.dispatch.retry.after",
                "Seconds for which the address asked to be left alone, those that are left; 0: it did not",
                same -> same.stream()
                        .mapToDouble(target ->
                                target.retryAfter().left(nanoTime.getAsLong()).toMillis() / 1000.0)
                        .max()
                        .orElse(0));
    }

    private void gauge(String name, String description, ToDoubleFunction<List<Target>> value) {
        byLabel.forEach((label, same) -> Gauge.builder(name, same, value)
                .description(description)
                .tags("app_id", label.appId(), "address", label.origin())
                .strongReference(true)
                .register(registry));
    }
}
