package io.mqttrelay.common.topic;

/** How much larger than a message its dead letter, or its replay, may be. */
public final class DeadLetterLimit {
    /** Room for the headers that say why; bytes. */
    public static final int HEADROOM = 64 * 1024;

    private DeadLetterLimit() {}

    /** The limit of a topic that takes every dead letter or replay of messages up to {@code limit} bytes. */
    static long above(long limit) {
        return Math.min(limit, Integer.MAX_VALUE - HEADROOM) + HEADROOM;
    }
}
