package io.mqttrelay.common.kafka;

/** What a consumer does where its group has no position, or one that retention has overtaken. */
public enum OffsetReset {
    /** {@code poll} throws and the caller decides: nothing is ever skipped unseen. */
    NONE,
    /** Starts at the oldest record. */
    EARLIEST
}
