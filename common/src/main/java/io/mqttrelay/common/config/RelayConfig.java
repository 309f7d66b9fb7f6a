package io.mqttrelay.common.config;

import java.time.Duration;
import java.util.List;

/**
 * The whole configuration file, validated. Each component gets its own part.
 *
 * @param routes in the file's order, enabled or not
 * @param shutdownGrace bounds how long a stop waits for what is in flight
 */
public record RelayConfig(
        List<Route> routes,
        KafkaSettings kafka,
        IngestSettings ingest,
        DispatchSettings dispatch,
        Duration shutdownGrace,
        AdminSettings admin,
        LogSettings log) {
    public RelayConfig {
        routes = List.copyOf(routes);
    }
}
