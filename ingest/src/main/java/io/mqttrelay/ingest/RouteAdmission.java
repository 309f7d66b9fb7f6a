package io.mqttrelay.ingest;

import io.mqttrelay.ingest.mqtt.Admission;
import io.mqttrelay.ingest.write.Unacked;
import org.jspecify.annotations.Nullable;

/**
 * Admits the messages of one connection while its app has memory: QoS 1 and 2 wait for memory, QoS 0 is skipped.
 * Confined to the connection's event loop.
 */
final class RouteAdmission implements Admission {
    private final Unacked.Share share;
    private final long maxMessage;
    private final Runnable skipped;

    /** The retry of the message that waits, until it is asked for again, and its memory. */
    private @Nullable Runnable waiting;

    private long wanted;

    /**
     * @param maxMessage bytes, {@code ingest.max_message}
     * @param skipped called for each skipped QoS 0 message
     */
    RouteAdmission(Unacked.Share share, long maxMessage, Runnable skipped) {
        this.share = share;
        this.maxMessage = maxMessage;
        this.skipped = skipped;
    }

    @Override
    public Answer ask(int qos, long bytes) {
        if (waiting != null) {
            waiting = null; // its memory was taken before the retry
            return Answer.READ;
        }
        if (share.reserve(qos, bytes)) {
            return Answer.READ;
        }
        if (qos > 0) {
            return Answer.WAIT;
        }
        skipped.run();
        return Answer.SKIP;
    }

    @Override
    public void settled(int qos, long bytes) {
        share.settled(qos, bytes);
    }

    @Override
    public void whenRoom(long bytes, Runnable retry) {
        waiting = retry;
        wanted = bytes;
        share.whenRoom(bytes, retry);
    }

    @Override
    public void forget(Runnable retry) {
        waiting = null;
        if (!share.forget(retry)) {
            share.settled(1, wanted);
        }
    }

    @Override
    public long maxMessage() {
        return maxMessage;
    }
}
