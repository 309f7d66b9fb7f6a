package io.mqttrelay.dispatch.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The meters of what is consumed, by app and address; addresses that differ in their path only are added up. The consumer
 * thread writes them, any thread reads.
 */
public final class ConsumerMeters {
    private record Label(String appId, String origin) {}

    /** One measurement; the next is made aside and put in its place. */
    private static final class Figures {
        private long lag;
        private long oldestMillis;
        private long stalledMillis;
        private int behind;
    }

    private static final class Address {
        private volatile Figures told = new Figures();
        private Figures measuring = new Figures();
        private final Counter lost;

        Address(MeterRegistry registry, Label label) {
            gauge(registry, label, "lag", "Records in this dispatcher's partitions that the address has not got", now ->
                    (double) now.lag);
            gauge(
                    registry,
                    label,
                    "oldest.seconds",
                    "Age of the oldest record that was read and is not done",
                    now -> now.oldestMillis / 1000.0);
            gauge(
                    registry,
                    label,
                    "stalled.seconds",
                    "For how long nothing was read of a partition although the address has room: always near 0",
                    now -> now.stalledMillis / 1000.0);
            gauge(
                    registry,
                    label,
                    "behind",
                    "Partitions in which the others went on without the address: it is fed from Kafka until it has caught"
                            + " up",
                    now -> now.behind);
            lost = Counter.builder("relay.dispatch.lost")
                    .description("Records that Kafka's retention deleted before they were delivered")
                    .tags("app_id", label.appId(), "address", label.origin())
                    .register(registry);
        }

        private void gauge(
                MeterRegistry registry,
                Label label,
                String name,
                String description,
                ToDoubleFunction<Figures> figure) {
            Gauge.builder("relay.dispatch." + name, this, address -> figure.applyAsDouble(address.told))
                    .description(description)
                    .tags("app_id", label.appId(), "address", label.origin())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private static final class App {
        private volatile int paused;
    }

    private final Map<Long, Address> addresses = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();

    public ConsumerMeters(MeterRegistry registry, Collection<ConsumedApp> consumed) {
        Map<Label, Address> byLabel = new LinkedHashMap<>();
        for (ConsumedApp app : consumed) {
            App meters = apps.computeIfAbsent(app.appId(), unused -> new App());
            Gauge.builder("relay.dispatch.paused.partitions", meters, each -> each.paused)
                    .description("Partitions that wait until there is room in memory again")
                    .tag("app_id", app.appId())
                    .register(registry);
            for (ConsumedAddress address : app.addresses()) {
                Label label = new Label(app.appId(), address.origin());
                addresses.put(address.key(), byLabel.computeIfAbsent(label, unused -> new Address(registry, label)));
            }
        }
    }

    void beginMeasuring() {
        addresses.values().forEach(address -> address.measuring = new Figures());
    }

    void measured(ConsumedAddress address, long lag, long oldestMillis, long stalledMillis) {
        Figures figures = of(address).measuring;
        figures.lag += lag;
        figures.oldestMillis = Math.max(figures.oldestMillis, oldestMillis);
        figures.stalledMillis = Math.max(figures.stalledMillis, stalledMillis);
    }

    void behind(ConsumedAddress address, int partitions) {
        of(address).measuring.behind += partitions;
    }

    void endMeasuring() {
        addresses.values().forEach(address -> address.told = address.measuring);
    }

    void paused(String appId, int partitions) {
        Objects.requireNonNull(apps.get(appId), "no such app").paused = partitions;
    }

    void lost(ConsumedAddress address, long records) {
        of(address).lost.increment((double) records);
    }

    private Address of(ConsumedAddress address) {
        return Objects.requireNonNull(addresses.get(address.key()), "no such address");
    }
}
