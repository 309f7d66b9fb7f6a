package io.mqttrelay.dispatch.deliver;

/**
 * The last accepted call of an address, by the time at which that call began. It is a witness for a failed attempt that
 * began earlier: the address worked, so the message may be the cause of the failure. Any thread.
 */
final class Acceptances {
    private volatile boolean any;
    private volatile long latest;

    /** @param began the start of the accepted call, monotonic clock, nanoseconds */
    synchronized void accepted(long began) {
        if (!any || began - latest > 0) {
            latest = began;
            any = true;
        }
    }

    /** Whether a call was accepted that began after this moment. */
    boolean since(long moment) {
        return any && latest - moment > 0;
    }

    /** The start of the last accepted call; only after {@link #since}. */
    long latest() {
        return latest;
    }
}
