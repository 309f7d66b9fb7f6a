package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.dispatch.deliver.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls that are out now, by app and origin: addresses that differ in their path only are added up. */
final class InFlightMeters {
    private record Label(String appId, String origin) {}

    private InFlightMeters() {}

    static void register(MeterRegistry registry, Targets targets, DispatchPath path) {
        Map<Label, List<Target>> byLabel = new LinkedHashMap<>();
        for (Targets.RouteTargets route : targets.all()) {
            for (Target target : route.targets()) {
                Label label = new Label(route.route().appId(), target.address().origin());
                byLabel.computeIfAbsent(label, unused -> new ArrayList<>()).add(target);
            }
        }
        byLabel.forEach((label, same) -> Gauge.builder(
                        "relay.dispatch.in.flight",
                        same,
                        list -> list.stream().mapToInt(path::inFlight).sum())
                .description("Calls that are out now")
                .tags("app_id", label.appId(), "address", label.origin())
                .strongReference(true)
                .register(registry));
    }
}
