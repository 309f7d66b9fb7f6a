package io.mqttrelay.common.config;

import org.jspecify.annotations.Nullable;

/**
 * The HTTP server for health and metrics of both services.
 *
 * @param ingestPort 0: any free port
 * @param dispatchPort 0: any free port
 * @param token bearer token for {@code /api} and the console; null: only a loopback {@code host} serves them
 */
public record AdminSettings(
        String host,
        int ingestPort,
        int dispatchPort,
        @Nullable Secret token) {}
