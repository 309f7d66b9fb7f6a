package io.mqttrelay.common.record;

/**
 * What a delivery that is sent again on request says beyond the message itself.
 *
 * @param address the only callback it goes to, as {@link io.mqttrelay.common.config.Address#id()}
 * @param run which run of {@code relay replay} sent it
 */
public record Replay(String address, String run) {}
