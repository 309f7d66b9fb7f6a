package io.mqttrelay.ingest;

import io.mqttrelay.ingest.mqtt.wire.ReadLimit;
import io.mqttrelay.ingest.write.Unacked;

/** Admits a route's messages while its app has memory: QoS 1 and 2 wait for memory, QoS 0 is skipped. Any thread. */
final class RouteReadLimit implements ReadLimit {
    private final Unacked.Share share;
    private final long maxMessage;
    private final Runnable skipped;

    /**
     * @param maxMessage bytes, {@code ingest.max_message}
     * @param skipped called for each skipped QoS 0 message
     */
    RouteReadLimit(Unacked.Share share, long maxMessage, Runnable skipped) {
        this.share = share;
        this.maxMessage = maxMessage;
        this.skipped = skipped;
    }

    @Override
    public Decision ask(int qos, long bytes) {
        if (share.reserve(qos, bytes)) {
            return Decision.READ;
        }
        if (qos > 0) {
            return Decision.WAIT;
        }
        skipped.run();
        return Decision.SKIP;
    }

    @Override
    public void settled(int qos, long bytes) {
        share.settled(qos, bytes);
    }

    @Override
    public void whenRoom(long bytes, Runnable retry) {
        share.whenRoom(bytes, retry);
    }

    @Override
    public void forget(Runnable retry) {
        share.forget(retry);
    }

    @Override
    public long maxMessage() {
        return maxMessage;
    }
}
