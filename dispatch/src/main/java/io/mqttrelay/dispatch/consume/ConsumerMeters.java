package io.mqttrelay.dispatch.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The meters of what is consumed, by app. The consumer thread writes them, any thread reads. */
public final class ConsumerMeters {
    private static final class App {
        private volatile long lag;
        private volatile double oldestSeconds;
        private final Counter lost;

        App(MeterRegistry registry, String appId) {
            Gauge.builder("relay.dispatch.lag", this, app -> (double) app.lag)
                    .description("Records in this dispatcher's partitions that are not done")
                    .tag("app_id", appId)
                    .register(registry);
            Gauge.builder("relay.dispatch.oldest.seconds", this, app -> app.oldestSeconds)
                    .description("Age of the oldest record that was read and is not done")
                    .tag("app_id", appId)
                    .register(registry);
            lost = Counter.builder("relay.dispatch.lost")
                    .description("Records that Kafka's retention deleted before they were delivered")
                    .tag("app_id", appId)
                    .register(registry);
        }
    }

    private final Map<String, App> apps = new LinkedHashMap<>();

    public ConsumerMeters(MeterRegistry registry, Collection<String> appIds) {
        appIds.forEach(appId -> apps.put(appId, new App(registry, appId)));
    }

    void lost(String appId, long records) {
        app(appId).lost.increment((double) records);
    }

    void measured(String appId, long lag, double oldestSeconds) {
        app(appId).lag = lag;
        app(appId).oldestSeconds = oldestSeconds;
    }

    Collection<String> appIds() {
        return apps.keySet();
    }

    private App app(String appId) {
        return Objects.requireNonNull(apps.get(appId), "no such app");
    }
}
