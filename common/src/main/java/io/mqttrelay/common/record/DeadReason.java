package io.mqttrelay.common.record;

import java.util.Locale;

/** The reason of a dead letter: {@code relay-dead-reason}. */
public enum DeadReason {
    /** The callback rejected the message with a status for which a retry cannot help. */
    REJECTED,
    /** The last attempt failed too. */
    RETRIES_EXHAUSTED,
    /** The MQTT message expiry passed before the delivery. */
    EXPIRED,
    /** The configuration no longer has the record's route or address. */
    NO_ROUTE,
    /** The record was not written by ingest, or the MQTT packet broke a rule of MQTT. */
    UNDECODABLE,
    /** The message is too large for Kafka. */
    TOO_LARGE,
    /** A template or condition failed on the message. */
    UNPROCESSABLE;

    /** The text in headers, commands and metrics. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
