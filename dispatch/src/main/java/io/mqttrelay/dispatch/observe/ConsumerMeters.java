package io.mqttrelay.dispatch.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.dispatch.window.ConsumedAddress;
import io.mqttrelay.dispatch.window.ConsumedApp;
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
 * The meters of consumption, by app and address. Addresses with one label are added up. The consumer
 * thread writes them, any thread reads.
 */
public final class ConsumerMeters {
    private record Label(String appId, AddressLabel address) {
        private String[] tags() {
            return new String[] {"app_id", appId, "client_id", address.clientId(), "address", address.address()};
        }
    }

    /** The values of one measurement; the next values are collected in another object, which then replaces this one. */
    private static final class Figures {
        private long lag;
        private long oldestMillis;
        private long stalledMillis;
        private int behind;
        private int blocked;
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
            gauge(
                    registry,
                    label,
                    "blocked.topics",
                    "MQTT topics whose first message fails and is tried again, while others of the address are delivered",
                    now -> now.blocked);
            lost = Counter.builder("relay.dispatch.lost")
                    .description("Records that Kafka's retention deleted before they were delivered")
                    .tags(label.tags())
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
                    .tags(label.tags())
                    .strongReference(true)
                    .register(registry));
        }
    }

    private static final class App {
        private final List<Gauge> gauges = new ArrayList<>();
        private final Counter truncated;
        private volatile int paused;
        private volatile int unreadable;

        App(MeterRegistry registry, String appId) {
            gauge(
                    registry,
                    appId,
                    "paused",
                    "Partitions that wait until there is room in memory again",
                    app -> app.paused);
            gauge(
                    registry,
                    appId,
                    "unreadable",
                    "Partitions that Kafka's client cannot read: they alone are set aside, and tried every 30 s",
                    app -> app.unreadable);
            truncated = Counter.builder("relay.dispatch.log.truncations")
                    .description("Logs that were cut behind what had been read: records that Kafka lost")
                    .tag("app_id", appId)
                    .register(registry);
        }

        private void gauge(
                MeterRegistry registry, String appId, String name, String description, ToDoubleFunction<App> figure) {
            gauges.add(Gauge.builder("relay.dispatch." + name + ".partitions", this, figure)
                    .description(description)
                    .tag("app_id", appId)
                    .strongReference(true)
                    .register(registry));
        }
    }

    private final MeterRegistry registry;
    private final Map<Label, Address> byLabel = new HashMap<>();
    private final Map<Long, Address> addresses = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();

    /** Registers meters for these apps, until the configuration changes. */
    public ConsumerMeters(MeterRegistry registry, Collection<ConsumedApp> consumed) {
        this.registry = registry;
        consumed(consumed);
    }

    /** Registers meters for these apps, and removes the gauges of all others. */
    public final void consumed(Collection<ConsumedApp> consumed) {
        Map<Long, Label> labels = new LinkedHashMap<>();
        Set<String> appIds = new HashSet<>();
        for (ConsumedApp app : consumed) {
            appIds.add(app.appId());
            app.addresses().forEach(address -> labels.put(address.key(), new Label(app.appId(), address.label())));
        }
        addresses.clear();
        labels.forEach((key, label) ->
                addresses.put(key, byLabel.computeIfAbsent(label, unused -> new Address(registry, label))));
        Set<Label> told = new HashSet<>(labels.values());
        byLabel.entrySet().removeIf(each -> !told.contains(each.getKey()) && takeBack(each.getValue().gauges));
        appIds.forEach(appId -> apps.computeIfAbsent(appId, unused -> new App(registry, appId)));
        apps.entrySet().removeIf(app -> !appIds.contains(app.getKey()) && takeBack(app.getValue().gauges));
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
            return; // no longer in the configuration
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

    void blocked(ConsumedAddress address, int topics) {
        Address meters = addresses.get(address.key());
        if (meters != null) {
            meters.measuring.blocked += topics;
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

    public void unreadable(String appId, int partitions) {
        App app = apps.get(appId);
        if (app != null) {
            app.unreadable = partitions;
        }
    }

    public void truncated(String appId) {
        App app = apps.get(appId);
        if (app != null) {
            app.truncated.increment();
        }
    }

    public void lost(ConsumedAddress address, long records) {
        Address meters = addresses.get(address.key());
        if (meters != null) {
            meters.lost.increment((double) records);
        }
    }
}
