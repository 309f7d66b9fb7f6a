package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.sink.SinkCall;
import org.jspecify.annotations.Nullable;

/** The call of one delivery: since when it is in flight, and whether it is cancelled. Any thread. */
final class CallInFlight {
    private static final long NONE = Long.MIN_VALUE;

    /** By the clock of {@link CallTimes}; {@link #NONE}: no call is in flight. */
    private volatile long began = NONE;

    private @Nullable SinkCall call; // guarded by this
    private boolean cancelled; // guarded by this

    void began(long nanos) {
        began = nanos;
    }

    void ended() {
        began = NONE;
    }

    /** Duration of the call in flight, nanoseconds; negative: none is in flight. */
    long took(long nanos) {
        long since = began;
        return since == NONE ? -1 : Math.max(0, nanos - since);
    }

    /** Notes that a sink executes this call. */
    synchronized void executes(SinkCall next) {
        call = next;
        if (cancelled) {
            next.cancel();
        }
    }

    synchronized void executed() {
        call = null;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Cancels the call in flight, if there is one, and every later one before it begins. */
    synchronized void cancel() {
        cancelled = true;
        if (call != null) {
            call.cancel();
        }
    }
}
