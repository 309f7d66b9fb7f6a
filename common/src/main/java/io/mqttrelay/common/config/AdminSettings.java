package io.mqttrelay.common.config;

import io.mqttrelay.common.config.value.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server for health and metrics of both services.
 *
 * @param ingestPort 0: any free port
 * @param dispatchPort 0: any free port
 * @param token bearer token for {@code /api} and the console, which are not there yet; null: only a loopback {@code host}
 *     will serve them
 */
public record AdminSettings(
        String host,
        int ingestPort,
        int dispatchPort,
        @Nullable Secret token) {}
