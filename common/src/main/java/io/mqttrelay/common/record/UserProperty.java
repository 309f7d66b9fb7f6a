package io.mqttrelay.common.record;

/** An MQTT 5 user property; a message may carry several of one name, in an order that means something. */
public record UserProperty(String name, String value) {}
