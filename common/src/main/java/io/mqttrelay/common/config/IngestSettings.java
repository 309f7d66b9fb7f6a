package io.mqttrelay.common.config;

import org.jspecify.annotations.Nullable;

/**
 * Limits of one ingest. Defaults depend on the heap of the running ingest.
 *
 * @param maxUnacked bytes received and not yet acknowledged to the MQTT broker; null: a quarter of the heap, at
 *     most 64 MB
 * @param maxMessage maximum bytes of a message; a larger one becomes a dead letter; null: a sixteenth of the
 *     heap, at most 16 MB
 */
public record IngestSettings(
        @Nullable Long maxUnacked, @Nullable Long maxMessage) {
    private static final long MB = 1L << 20;

    /** The effective {@link #maxUnacked}; {@code heap} is the maximum heap in bytes. */
    public long maxUnacked(long heap) {
        return maxUnacked == null ? Math.min(64 * MB, heap / 4) : maxUnacked;
    }

    /** The effective {@link #maxMessage}; {@code heap} is the maximum heap in bytes. */
    public long maxMessage(long heap) {
        return maxMessage == null ? Math.min(16 * MB, heap / 16) : maxMessage;
    }
}
