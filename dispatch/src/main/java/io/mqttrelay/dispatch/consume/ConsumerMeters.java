package io.mqttrelay.dispatch.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        private final List<Gauge> gauges = new ArrayList<>();

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
            gauges.add(Gauge.builder("relay.dispatch." + name, this, address -> figure.applyAsDouble(address.told))
                    .description(description)
                    .tags("app_id", label.appId(), "address", label.origin())
                    .strongReference(true)
                    .register(registry));
        }
    }

    private static final class App {
        private final Gauge gauge;
        private volatile int paused;

        App(MeterRegistry registry, String appId) {
            gauge = Gauge.builder("relay.dispatch.paused.partitions", this, each -> each.paused)
                    .description("Partitions that wait until there is room in memory again")
                    .tag("app_id", appId)
                    .strongReference(true)
                    .register(registry);
        }
    }

    private final MeterRegistry registry;
    private final Map<Label, Address> byLabel = new HashMap<>();
    private final Map<Long, Address> addresses = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();

    /** Of these, until the configuration is another. */
    public ConsumerMeters(MeterRegistry registry, Collection<ConsumedApp> consumed) {
        this.registry = registry;
        consumed(consumed);
    }

    /** Of these from now on; gauges of others are taken back. */
    final void consumed(Collection<ConsumedApp> consumed) {
        Map<Long, Label> labels = new LinkedHashMap<>();
        Set<String> appIds = new HashSet<>();
        for (ConsumedApp app : consumed) {
            appIds.add(app.appId());
            app.addresses().forEach(address -> labels.put(address.key(), new Label(app.appId(), address.origin())));
        }
        addresses.clear();
        labels.forEach((key, label) ->
                addresses.put(key, byLabel.computeIfAbsent(label, unused -> new Address(registry, label))));
        Set<Label> told = new HashSet<>(labels.values());
        byLabel.entrySet().removeIf(each -> !told.contains(each.getKey()) && takeBack(each.getValue().gauges));
        appIds.forEach(appId -> apps.computeIfAbsent(appId, unused -> new App(registry, appId)));
        apps.entrySet().removeIf(app -> !appIds.contains(app.getKey()) && takeBack(List.of(app.getValue().gauge)));
    }

    private boolean takeBack(List<Gauge> gauges) {
        gauges.forEach(registry::remove);
        return true;
    }

    void beginMeasuring() {
        addresses.values().forEach(address -> address.measuring = new Figures());
    }

    void measured(ConsumedAddress address, long lag, long oldestMillis, long stalledMillis) {
        Address meters = addresses.get(address.key());
        if (meters == null) {
            return; // not of the configuration any more
        }
        Figures figures = meters.measuring;
        figures.lag += lag;
        figures.oldestMillis = Math.max(figures.oldestMillis, oldestMillis);
        figures.stalledMillis = Math.max(figures.stalledMillis, stalledMillis);
    }

    void behind(ConsumedAddress address, int partitions) {
        Address meters = addresses.get(address.key());
        if (meters != null) {
            meters.measuring.behind += partitions;
        }
    }

    void endMeasuring() {
        addresses.values().forEach(address -> address.told = address.measuring);
    }

    void paused(String appId, int partitions) {
        App app = apps.get(appId);
        if (app != null) {
            app.paused = partitions;
        }
    }

    void lost(ConsumedAddress address, long records) {
        Address meters = addresses.get(address.key());
        if (meters != null) {
            meters.lost.increment((double) records);
        }
    }
}
