package io.mqttrelay.common.config.value;

/** Which messages arrive in order at each address of a route. */
public enum Ordering {
    /** The messages of one MQTT topic. */
    TOPIC,
    /** All messages of the app. */
    APP,
    /** No order: the most parallel. */
    NONE
}
