package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.SinkCall;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one address. At most one thread works on it at any time, and the lanes hand it from thread
 * to thread; only {@link #cancel()} may be called by any thread.
 */
public final class Delivery {
    private final RelayMessage message;
    private final Target target;
    private final boolean replay;
    private final History history;

    private @Nullable SinkCall call; // guarded by this
    private boolean cancelled; // guarded by this

    /**
     * @param attempts earlier failed attempts that count
     * @param firstFailure when the first attempt failed, epoch milliseconds; 0: none has failed
     */
    public Delivery(RelayMessage message, Target target, int attempts, long firstFailure) {
        this(message, target, attempts, firstFailure, false);
    }

    /** @param replay it is sent again on request */
    public Delivery(RelayMessage message, Target target, int attempts, long firstFailure, boolean replay) {
        this.message = message;
        this.replay = replay;
        this.target = target;
        this.history = new History(attempts, firstFailure);
    }

    public RelayMessage message() {
        return message;
    }

    public Target target() {
        return target;
    }

    /** Counts the message as delivered; for a replay the latency is not recorded. */
    void countDelivered(long epochMillis) {
        if (replay) {
            target.meters().deliveredAgain();
        } else {
            target.meters().delivered(epochMillis - message.receivedAt());
        }
    }

    /** Failed attempts so far that count. */
    public int attempts() {
        return history.counted();
    }

    /** When the first attempt failed, whether it counted or not, epoch milliseconds; 0: none has failed. */
    public long firstFailure() {
        return history.firstFailure();
    }

    History history() {
        return history;
    }

    /** The key of its lane within a partition: messages with the same key must not overtake each other. */
    String lane() {
        return switch (target.destination().owner().ordering()) {
            case TOPIC -> message.topic();
            case APP -> "";
            case NONE -> message.id();
        };
    }

    /** Largest number of bytes that its message takes in a batch. */
    public long batchBytes() {
        return target.sink().batchBytes(message);
    }

    synchronized void callBegan(SinkCall next) {
        call = next;
        if (cancelled) {
            next.cancel();
        }
    }

    synchronized void callEnded() {
        call = null;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Cancels the attempt in flight, if there is one, and every later one before it begins. Any thread. */
    public synchronized void cancel() {
        cancelled = true;
        if (call != null) {
            call.cancel();
        }
    }
}
