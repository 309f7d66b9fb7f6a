package io.mqttrelay.common.config;

/**
 * Bounds of one ingest.
 *
 * @param maxUnacked bytes received and not yet stored by Kafka; beyond it ingest stops taking until half is stored
 */
public record IngestSettings(long maxUnacked) {}
