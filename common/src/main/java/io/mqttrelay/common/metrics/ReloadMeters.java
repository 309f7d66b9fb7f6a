package io.mqttrelay.common.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of configuration reloads. Any thread. */
public final class ReloadMeters {
    private final Counter applied;
    private final Counter refused;
    private final Counter unchanged;
    private final AtomicInteger successful = new AtomicInteger(1);
    private final AtomicInteger restartNeeded = new AtomicInteger();

    public ReloadMeters(MeterRegistry registry) {
        applied = outcome(registry, "applied");
        refused = outcome(registry, "refused");
        unchanged = outcome(registry, "unchanged");
        Gauge.builder("relay.config.last.reload.successful", successful, AtomicInteger::get)
                .description(
                        "1: the configuration file as it was last read is in use; 0: it was refused, and the one before is")
                .strongReference(true)
                .register(registry);
        Gauge.builder("relay.config.restart.needed", restartNeeded, AtomicInteger::get)
                .description("1: settings of the configuration file that need a restart differ from those that are in"
                        + " use; 0: they do not")
                .strongReference(true)
                .register(registry);
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Counter.builder("relay.config.reloads")
                .description(
                        "How often the configuration file was read again, since it had changed or at SIGHUP, by the outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Counts a reload whose routes are in use. */
    public void applied() {
        applied.increment();
        successful.set(1);
    }

    /** Counts a reload that was refused: the file is not in use. */
    public void refused() {
        refused.increment();
        successful.set(0);
    }

    /** Counts a reload without a changed route. */
    public void unchanged() {
        unchanged.increment();
        successful.set(1);
    }

    /** Sets whether the last valid file has settings that only a restart applies. */
    public void restartNeeded(boolean needed) {
        restartNeeded.set(needed ? 1 : 0);
    }
}
