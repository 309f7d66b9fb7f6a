package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.SinkCall;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one address. At any time at most one thread works on it, and the lanes hand it from one to the
 * next; only {@link #cancel()} may come from elsewhere.
 */
public final class Delivery {
    private final RelayMessage message;
    private final Target target;
    private int attempts;

    private @Nullable SinkCall call; // guarded by this
    private boolean cancelled; // guarded by this

    /** @param attempts made before, that count */
    public Delivery(RelayMessage message, Target target, int attempts) {
        this.message = message;
        this.target = target;
        this.attempts = attempts;
    }

    public RelayMessage message() {
        return message;
    }

    public Target target() {
        return target;
    }

    /** Made so far, that count. */
    public int attempts() {
        return attempts;
    }

    /** The attempt that has just ended speaks of the address alone: it is not one of this message's. */
    void uncount() {
        attempts--;
    }

    /** The most bytes that its message takes in a batch. */
    public long batchBytes() {
        return target.sink().batchBytes(message);
    }

    void count() {
        attempts++;
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

    /** Ends the attempt that is out, if one is, and every later one before it begins. Any thread. */
    public synchronized void cancel() {
        cancelled = true;
        if (call != null) {
            call.cancel();
        }
    }
}
