package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.CircuitBreakerSettings;
import io.mqttrelay.common.settings.DecimalType;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SwitchableType.Switch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code circuit_breaker}. */
final class CircuitBreakerSection {
    private static final Key<Double> FAILURE_RATE = Key.withDefault(
            "failure_rate",
            new DecimalType(1, 100),
            50.0,
            "50",
            "percent of the last 100 calls (of the last `min_calls`, where that is more) that must have failed");
    private static final Key<Integer> MIN_CALLS =
            Key.withDefault("min_calls", new IntegerType(1, 100_000), 20, "20", "calls before it may open");
    private static final Key<Duration> OPEN_FOR = Key.withDefault(
            "open_for",
            DurationType.between("1ms", "1h"),
            Duration.ofSeconds(15),
            "\"15s\"",
            "how long nothing is sent before the next probe");

    static final Section SECTION = new Section(
            "circuit_breaker",
            "While an address keeps failing, nothing is sent to it but one probe per `open_for`, and its messages wait in"
                    + " Kafka.",
            List.of(FAILURE_RATE, MIN_CALLS, OPEN_FOR));

    private static final CircuitBreakerSettings DEFAULT = new CircuitBreakerSettings(50, 20, Duration.ofSeconds(15));

    private CircuitBreakerSection() {}

    /**
     * The settings; null: switched off.
     *
     * @param written null: the key is not there, so that the defaults count
     */
    static @Nullable CircuitBreakerSettings settings(@Nullable Switch<Fields> written) {
        if (written == null) {
            return DEFAULT;
        }
        Fields on = written.on();
        return on == null
                ? null
                : new CircuitBreakerSettings(on.get(FAILURE_RATE), on.get(MIN_CALLS), on.get(OPEN_FOR));
    }
}
