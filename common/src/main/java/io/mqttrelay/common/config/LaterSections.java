package io.mqttrelay.common.config;

import java.time.Duration;
import java.util.List;

/** Sections whose behaviour belongs to a later release: known and checked, so that they can be refused by name. */
final class LaterSections {
    static final Section CIRCUIT_BREAKER = new Section(
            "circuit_breaker",
            "Not supported yet.",
            List.of(
                    Key.withDefault(
                            "failure_rate", new DecimalType(1, 100), 50.0, "50", "percent of calls that failed"),
                    Key.withDefault("min_calls", new IntegerType(1, 100_000), 20, "20", "calls before it may open"),
                    Key.withDefault(
                            "open_for",
                            DurationType.between("1ms", "1h"),
                            Duration.ofSeconds(15),
                            "\"15s\"",
                            "how long attempts stop before the next probe")));

    private LaterSections() {}
}
