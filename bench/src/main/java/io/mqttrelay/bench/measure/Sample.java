package io.mqttrelay.bench.measure;

/**
 * The state of a run at one time.
 *
 * @param done messages delivered, or stored
 * @param cost of all measured processes together
 */
public record Sample(long nanos, long done, ProcessCost cost) {}
