package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.RateLimit;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Throttle;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.dispatch.window.AddressKey;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the targets of configured addresses. */
record TargetFactory(Sinks sinks, MeterRegistry registry, LongSupplier nanoTime) implements Targets.Factory {
    @Override
    public Target target(Route route, Address address) {
        return new Target(
                AddressKey.of(route.name(), address.id()),
                route,
                address,
                sinks.sink(route, address),
                new Throttle(pace(route.rateLimit()), nanoTime),
                meters(route, address),
                new AddressLog(Targets.name(route, address), nanoTime));
    }

    @Override
    public DeliveryMeters meters(Route route, Address address) {
        return new DeliveryMeters(registry, route.appId(), address);
    }

    private Pace pace(@Nullable Double callsPerSecond) {
        return callsPerSecond == null ? Pace.FREE : new RateLimit(callsPerSecond, nanoTime);
    }
}
