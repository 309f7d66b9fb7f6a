package io.mqttrelay.ingest;

import io.mqttrelay.common.config.IngestSettings;
import org.jspecify.annotations.Nullable;

/**
 * The memory limits for messages, in a JVM with a given heap.
 *
 * @param heap bytes
 * @param maxUnacked bytes, {@code ingest.max_unacked}
 * @param maxMessage bytes, {@code ingest.max_message}
 * @param overdraft bytes beyond {@code maxUnacked} for messages that are larger than their app's share
 */
record IngestLimits(long heap, long maxUnacked, long maxMessage, long overdraft) {
    /** Memory of a message besides its bytes: the objects that hold it. */
    private static final long OVERHEAD = 4096;

    private static final int OVERDRAFT_PART = 8;
    private static final int MOST_OVERDRAWN = 4;

    /**
     * The part of the heap that one message may have: it is in memory as a packet, a payload, a record and a batch at
     * once, beside other messages.
     */
    private static final int MESSAGE_PART = 8;

    static IngestLimits of(IngestSettings settings, long heap) {
        long maxMessage = settings.maxMessage(heap);
        long overdraft = Math.max(maxMessage + OVERHEAD, Math.min(heap / OVERDRAFT_PART, MOST_OVERDRAWN * maxMessage));
        return new IngestLimits(heap, settings.maxUnacked(heap), maxMessage, overdraft);
    }

    /** The reason why ingest cannot work with these limits, with the remedy; null: it can. */
    @Nullable
    String problem() {
        if (maxMessage > heap / MESSAGE_PART) {
            return "ingest.max_message (" + megabytes(maxMessage) + ") is more than an eighth of the heap ("
                    + megabytes(heap) + "): one message could end the process; lower it, or give ingest a larger heap"
                    + " (-Xmx in RELAY_JAVA_OPTS)";
        }
        if (maxUnacked > heap / 4 * 3) {
            return "ingest.max_unacked (" + megabytes(maxUnacked) + ") is more than three quarters of the heap ("
                    + megabytes(heap) + "): ingest would run out of memory; lower it, or give ingest a larger heap"
                    + " (-Xmx in RELAY_JAVA_OPTS)";
        }
        return null;
    }

    /** A warning for the operator, with the remedy; null: none. */
    @Nullable
    String warning() {
        return maxUnacked <= heap / 3
                ? null
                : "ingest.max_unacked (" + megabytes(maxUnacked) + ") is more than a third of the heap ("
                        + megabytes(heap) + "): ingest may run out of memory while Kafka is away; lower it, or give"
                        + " ingest a larger heap (-Xmx in RELAY_JAVA_OPTS)";
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
