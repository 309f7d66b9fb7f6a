package io.mqttrelay.dispatch.consume;

import io.mqttrelay.dispatch.flow.FetchBuffer;

/**
 * Divides {@code dispatch.max_buffered}: one half is for messages in memory, the other for data that Kafka's clients
 * have fetched. A client keeps a whole fetch response while one partition's part of it is left. So the bound is the
 * number of such partitions times the size of a response; it does not grow with the number of assigned partitions.
 *
 * @param maxBuffered bytes
 */
public record Buffers(long maxBuffered) {
    /** Bytes of messages in memory, handed over and not complete. */
    public long ofMessages() {
        return maxBuffered / 2;
    }

    /** Largest size of one fetch response, bytes. */
    public int ofAnswer() {
        return (int) Math.min(Integer.MAX_VALUE, maxBuffered / 2 / (FetchBuffer.MOST_LEFT + CatchUp.MOST_RESTING));
    }
}
