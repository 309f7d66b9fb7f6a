package io.mqttrelay.common.kafka;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.jspecify.annotations.Nullable;

/**
 * Reports the metrics of a Kafka client to {@link ClientMeters}. The client creates it by class name, configures it,
 * and closes it when the client is closed. Any thread.
 */
public final class ClientReporter implements MetricsReporter {
    /** The setting that holds the {@link ClientMeters} of the process. */
    static final String METERS = "relay.client.meters";

    private final Set<KafkaMetric> told = new HashSet<>(); // guarded by this
    private @Nullable ClientMeters meters;

    @Override
    public synchronized void configure(Map<String, ?> settings) {
        meters = (ClientMeters) settings.get(METERS);
    }

    @Override
    public synchronized void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public synchronized void metricChange(KafkaMetric metric) {
        if (meters != null && told.add(metric)) {
            meters.add(metric);
        }
    }

    @Override
    public synchronized void metricRemoval(KafkaMetric metric) {
        if (meters != null && told.remove(metric)) {
            meters.remove(metric);
        }
    }

    @Override
    public synchronized void close() {
        if (meters != null) {
            told.forEach(meters::remove);
        }
        told.clear();
    }
}
