package io.mqttrelay.testkit.guarantee;

/** A message that lies in a dead-letter topic instead of having been delivered at an address. */
public record Dead(String address, String id) {}
