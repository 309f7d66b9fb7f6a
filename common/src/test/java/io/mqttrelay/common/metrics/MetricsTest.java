package io.mqttrelay.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource({
        "relay.ingest.received, relay_ingest_received_total",
        "relay.ingest.stored, relay_ingest_stored_total",
        "relay.ingest.dropped, relay_ingest_dropped_total",
        "relay.dispatch.deliveries, relay_dispatch_deliveries_total",
    })
    void aCounterGetsItsTotal(String name, String expected) throws IOException {
        metrics.registry().counter(name, "app_id", "a \"quoted\" app").increment(3);

        assertThat(scrape()).contains(expected + "{app_id=\"a \\\"quoted\\\" app\"} 3.0");
    }

    @ParameterizedTest
    @CsvSource({
        "relay.dispatch.attempt, relay_dispatch_attempt_seconds",
        "relay.dispatch.end.to.end, relay_dispatch_end_to_end_seconds",
    })
    void aTimerGetsItsUnit(String name, String expected) throws IOException {
        metrics.registry().timer(name).record(Duration.ofMillis(250));

        assertThat(scrape()).contains(expected + "_count 1", expected + "_sum 0.25");
    }

    @ParameterizedTest
    @CsvSource({
        "relay.ingest.unacked, relay_ingest_unacked",
        "relay.ingest.connected, relay_ingest_connected",
        "relay.dispatch.in.flight, relay_dispatch_in_flight",
        "relay.dispatch.lag, relay_dispatch_lag",
        "relay.dispatch.oldest.seconds, relay_dispatch_oldest_seconds",
        "relay.dispatch.breaker.state, relay_dispatch_breaker_state",
        "relay.dispatch.dead.letters, relay_dispatch_dead_letters",
    })
    void aGaugeKeepsItsName(String name, String expected) throws IOException {
        Gauge.builder(name, () -> 7).register(metrics.registry());

        assertThat(scrape()).contains("\n" + expected + " 7.0");
    }

    @Test
    void theJvmIsThere() throws IOException {
        assertThat(scrape()).contains("jvm_memory_used_bytes", "process_uptime_seconds", "jvm_threads_live_threads");
    }

    private String scrape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.scrape(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
