package io.mqttrelay.common.record;

import java.util.Locale;

/** Why a delivery lies in dead letters: {@code relay-dead-reason}. */
public enum DeadReason {
    /** An answer that retrying cannot help. */
    REJECTED,
    /** The last attempt failed too. */
    RETRIES_EXHAUSTED,
    /** MQTT message expiry passed before the delivery. */
    EXPIRED,
    /** The configuration no longer has the record's route or address. */
    NO_ROUTE,
    /** Not a record that ingest writes. */
    UNDECODABLE,
    /** A message that Kafka cannot hold. */
    TOO_LARGE;

    /** As it is written in headers, commands and metrics. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
