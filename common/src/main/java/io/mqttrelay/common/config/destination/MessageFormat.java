package io.mqttrelay.common.config.destination;

/** The format of the request body of a callback. */
public enum MessageFormat {
    /** The MQTT payload, byte for byte. */
    RAW,
    /** A JSON object of header and body. */
    ENVELOPE,
    /** CloudEvents 1.0, binary mode. */
    CLOUDEVENTS,
    /** CloudEvents 1.0, structured mode: a JSON object. */
    CLOUDEVENTS_STRUCTURED,
    /** By the destination's template. */
    TEMPLATE
}
