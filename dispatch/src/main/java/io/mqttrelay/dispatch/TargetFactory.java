package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.destination.Destination;
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
    public Target target(Destination destination) {
        return new Target(
                AddressKey.of(destination.owner().clientId(), destination.id()),
                destination,
                sinks.sink(destination),
                new Throttle(pace(destination.calls().rateLimit()), nanoTime),
                meters(destination),
                new AddressLog(Targets.name(destination), nanoTime));
    }

    @Override
    public DeliveryMeters meters(Destination destination) {
        return new DeliveryMeters(registry, destination);
    }

    private Pace pace(@Nullable Double callsPerSecond) {
        return callsPerSecond == null ? Pace.FREE : new RateLimit(callsPerSecond, nanoTime);
    }
}
