package io.mqttrelay.dispatch.settle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.record.DeadReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts dead letters that Kafka has stored, by app, address and reason. Any thread. */
public final class DeadLetterMeters {
    private record Label(String appId, AddressLabel address, DeadReason reason) {}

    private final MeterRegistry registry;
    private final Map<Label, Counter> counters = new ConcurrentHashMap<>();

    public DeadLetterMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param address null: not known, as for a record that cannot be read */
    void stored(String appId, @Nullable AddressName address, DeadReason reason) {
        counters.computeIfAbsent(
                        new Label(appId, address == null ? AddressLabel.NONE : address.label(), reason), this::counter)
                .increment();
    }

    private Counter counter(Label label) {
        return Counter.builder("relay.dispatch.dead.letters.stored")
                .description("Dead letters that this dispatcher has written, by reason")
                .tags(
                        "app_id",
                        label.appId(),
                        "client_id",
                        label.address().clientId(),
                        "address",
                        label.address().address(),
                        "reason",
                        label.reason().text())
                .register(registry);
    }
}
