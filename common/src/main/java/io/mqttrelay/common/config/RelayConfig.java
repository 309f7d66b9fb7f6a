package io.mqttrelay.common.config;

import io.mqttrelay.common.egress.Egress;
import java.time.Duration;
import java.util.List;

/**
 * The whole configuration file, validated. Each component gets its own part.
 *
 * @param routes in the file's order, enabled or not
 * @param targets the connections that addresses name; those in use are in the destinations too
 * @param egress which addresses callbacks may connect to
 * @param shutdownGrace how long a stop waits for messages and calls in flight
 */
public record RelayConfig(
        List<Route> routes,
        TargetSettings targets,
        KafkaSettings kafka,
        IngestSettings ingest,
        DispatchSettings dispatch,
        Egress egress,
        Duration shutdownGrace,
        AdminSettings admin,
        LogSettings log) {
    public RelayConfig {
        routes = List.copyOf(routes);
    }

    /** A copy with other routes, and the targets that they name. */
    public RelayConfig withRoutes(List<Route> others, TargetSettings theirTargets) {
        return new RelayConfig(others, theirTargets, kafka, ingest, dispatch, egress, shutdownGrace, admin, log);
    }
}
