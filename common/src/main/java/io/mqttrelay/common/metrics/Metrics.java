package io.mqttrelay.common.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;

/** The meters of one process. */
public final class Metrics implements AutoCloseable {
    /** What {@link #scrape} writes. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /**
     * Where meters are made. A name in dots becomes Prometheus' form: the counter {@code relay.ingest.received} is
     * {@code relay_ingest_received_total}, the timer {@code relay.dispatch.attempt} is
     * {@code relay_dispatch_attempt_seconds}.
     */
    public MeterRegistry registry() {
        return registry;
    }

    /** All meters in Prometheus' text form. */
    public void scrape(OutputStream out) throws IOException {
        registry.scrape(out, CONTENT_TYPE);
    }

    @Override
    public void close() {
        registry.close();
    }
}
