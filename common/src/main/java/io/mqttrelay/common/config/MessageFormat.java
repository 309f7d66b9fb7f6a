package io.mqttrelay.common.config;

/** What a callback gets as its body. */
public enum MessageFormat {
    /** The MQTT payload, byte for byte. */
    RAW,
    /** A JSON object of header and body. */
    ENVELOPE,
    /** CloudEvents 1.0, binary mode. */
    CLOUDEVENTS
}
