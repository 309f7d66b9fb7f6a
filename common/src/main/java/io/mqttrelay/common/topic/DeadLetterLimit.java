package io.mqttrelay.common.topic;

/** The headroom by which a dead letter or a replay may exceed its message. */
public final class DeadLetterLimit {
    /** Bytes for the additional headers. */
    public static final int HEADROOM = 64 * 1024;

    private DeadLetterLimit() {}

    /** The limit of a topic that accepts every dead letter or replay of messages up to {@code limit} bytes. */
    static long above(long limit) {
        return Math.min(limit, Integer.MAX_VALUE - HEADROOM) + HEADROOM;
    }
}
