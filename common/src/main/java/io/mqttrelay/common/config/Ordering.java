package io.mqttrelay.common.config;

/** What must arrive in order at each address of a route. */
public enum Ordering {
    /** The messages of one MQTT topic. */
    TOPIC,
    /** All messages of the app. */
    APP,
    /** Nothing: most parallel. */
    NONE
}
