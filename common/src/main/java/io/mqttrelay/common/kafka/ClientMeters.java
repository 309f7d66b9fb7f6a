package io.mqttrelay.common.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * Publishes metrics of this process' Kafka clients as meters. Of the hundreds of client metrics it shows only those
 * of a whole client, so that their number does not grow with topics, partitions and brokers. The names are those of
 * Micrometer's own Kafka binder, which keeps the metrics per topic instead. Any thread.
 */
final class ClientMeters {
    private static final String CLIENT = "client-id";
    private static final String TOTAL = "-total";

    /** The metrics that are shown, by metric group. */
    private static final Map<String, Set<String>> SHOWN = Map.of(
            "producer-metrics",
            Set.of(
                    "record-send-total",
                    "record-error-total",
                    "record-retry-total",
                    "outgoing-byte-total",
                    "request-latency-avg",
                    "request-latency-max",
                    "record-queue-time-avg",
                    "batch-size-avg",
                    "compression-rate-avg",
                    "buffer-available-bytes",
                    "produce-throttle-time-avg",
                    "connection-count",
                    "failed-authentication-total"),
            "consumer-metrics",
            Set.of("incoming-byte-total", "time-between-poll-max", "connection-count", "failed-authentication-total"),
            "consumer-fetch-manager-metrics",
            Set.of(
                    "records-consumed-total",
                    "bytes-consumed-total",
                    "fetch-total",
                    "fetch-latency-avg",
                    "fetch-throttle-time-avg"),
            "consumer-coordinator-metrics",
            Set.of(
                    "assigned-partitions",
                    "rebalance-total",
                    "failed-rebalance-total",
                    "rebalance-latency-max",
                    "commit-total",
                    "commit-latency-avg",
                    "last-heartbeat-seconds-ago"),
            "admin-client-metrics",
            Set.of("connection-count", "failed-authentication-total"));

    private static final class Shown {
        private final Meter.Id meter;
        private volatile KafkaMetric source;

        private Shown(Meter.Id meter, KafkaMetric source) {
            this.meter = meter;
            this.source = source;
        }
    }

    private final MeterRegistry registry;
    private final Map<String, Shown> shown = new HashMap<>(); // guarded by this

    ClientMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Adds a metric of a client. If an earlier client with the same id had the metric, the meter shows the new
     * client's value from now on.
     */
    synchronized void add(KafkaMetric metric) {
        String name = meterName(metric.metricName());
        if (name == null) {
            return;
        }
        String key = key(name, metric);
        Shown before = shown.get(key);
        if (before == null) {
            shown.put(key, new Shown(register(name, key, metric), metric));
        } else {
            before.source = metric;
        }
    }

    /** Removes a metric of a closed client. */
    synchronized void remove(KafkaMetric metric) {
        String name = meterName(metric.metricName());
        Shown known = name == null ? null : shown.get(key(name, metric));
        if (name != null && known != null && known.source == metric) {
            shown.remove(key(name, metric));
            registry.remove(known.meter);
        }
    }

    private static String key(String meter, KafkaMetric metric) {
        return meter + " " + metric.metricName().tags().get(CLIENT);
    }

    /** The name of the meter; null: the metric is not shown. */
    private static @Nullable String meterName(MetricName metric) {
        boolean ofClient = metric.tags().keySet().equals(Set.of(CLIENT));
        if (!ofClient || !SHOWN.getOrDefault(metric.group(), Set.of()).contains(metric.name())) {
            return null;
        }
        String group = metric.group().substring(0, metric.group().length() - "-metrics".length());
        return ("kafka." + group + "." + metric.name()).replace('-', '.');
    }

    private Meter.Id register(String name, String key, KafkaMetric metric) {
        MetricName of = metric.metricName();
        Tags tags = Tags.of("client_id", of.tags().getOrDefault(CLIENT, ""));
        if (of.name().endsWith(TOTAL)) {
            return FunctionCounter.builder(name, this, meters -> meters.value(key))
                    .description(of.description())
                    .tags(tags)
                    .register(registry)
                    .getId();
        }
        return Gauge.builder(name, this, meters -> meters.value(key))
                .description(of.description())
                .tags(tags)
                .register(registry)
                .getId();
    }

    private double value(String key) {
        Shown known;
        synchronized (this) {
            known = shown.get(key);
        }
        return known != null && known.source.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    }
}
