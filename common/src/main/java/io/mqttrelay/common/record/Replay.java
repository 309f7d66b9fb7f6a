package io.mqttrelay.common.record;

/**
 * The fields that a replayed delivery has in addition to its message.
 *
 * @param address the only callback that gets it, as {@link io.mqttrelay.common.config.destination.Address#id()}
 * @param run the run of {@code relay replay} that sent it
 */
public record Replay(String address, String run) {}
