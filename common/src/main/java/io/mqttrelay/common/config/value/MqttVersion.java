package io.mqttrelay.common.config.value;

/** The MQTT version a route connects with. */
public enum MqttVersion {
    /** MQTT 3.1.1, {@code "mqtt_version": 3}. */
    V3_1_1,
    /** MQTT 5, the default. */
    V5
}
