package io.mqttrelay.common.kafka;

/** The behaviour of a consumer without a committed offset, or with an offset below the log start offset. */
public enum OffsetReset {
    /** {@code poll} throws and the caller decides: no record is skipped unnoticed. */
    NONE,
    /** Starts at the oldest record. */
    EARLIEST
}
