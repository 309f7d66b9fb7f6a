package io.mqttrelay.common.config;

/** The format of the request body of a callback. */
public enum MessageFormat {
    /** The MQTT payload, byte for byte. */
    RAW,
    /** A JSON object of header and body. */
    ENVELOPE,
    /** CloudEvents 1.0, binary mode. */
    CLOUDEVENTS
}
