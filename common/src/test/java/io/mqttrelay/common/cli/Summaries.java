package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.RelayConfig;

/** The output of {@code relay validate}, for tests of other packages. */
public final class Summaries {
    private Summaries() {}

    public static String of(RelayConfig config) {
        return ConfigSummary.of(config);
    }
}
