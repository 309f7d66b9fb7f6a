package io.mqttrelay.testkit.guarantee;

/** A dead letter: the message was not delivered at this address. */
public record Dead(String address, String id) {}
