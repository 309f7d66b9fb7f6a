package io.mqttrelay.bench.measure;

/**
 * A run at one moment.
 *
 * @param done messages delivered, or stored
 * @param cost of all measured processes together
 */
public record Sample(long nanos, long done, ProcessCost cost) {}
