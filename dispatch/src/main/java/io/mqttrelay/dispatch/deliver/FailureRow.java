package io.mqttrelay.dispatch.deliver;

import org.jspecify.annotations.Nullable;

/**
 * The failures of an address since its last accepted call, the time of that call, and whether only messages of one lane
 * fail. Tells a broken address from one that fails for some messages. Guarded by its {@link AddressBreaker}.
 */
final class FailureRow {
    /** A callback that takes a hundred calls a second accepts one again well within this time. */
    static final long QUIET_NANOS = 2_000_000_000L;

    /** This many failures in a row point to the address. */
    static final int LONG = 5;

    /** A failure of another lane this many calls ago no longer counts. */
    private final int window;

    private boolean anyAccepted;
    private long lastAccepted;

    /** The lane of the last failure; null: none since the address was known to work. */
    private @Nullable String lane;

    private int failures;
    private boolean severalInRow;
    private boolean severalInWindow;
    private int callsSinceAnother;

    /** @param window calls that a circuit breaker looks at */
    FailureRow(int window) {
        this.window = window;
    }

    /** @param now monotonic clock, nanoseconds */
    void accepted(long now) {
        anyAccepted = true;
        lastAccepted = now;
        failures = 0;
        severalInRow = false;
        ended();
    }

    /** Forgets the failures so far: the address works. */
    void clear() {
        failures = 0;
        lane = null;
        severalInRow = false;
        severalInWindow = false;
    }

    /** @param of the lane of the message that failed */
    void failed(String of) {
        ended();
        if (lane != null && !lane.equals(of)) {
            severalInRow |= failures > 0;
            severalInWindow = true;
            callsSinceAnother = 0;
        }
        lane = of;
        failures++;
    }

    private void ended() {
        callsSinceAnother++;
        severalInWindow &= callsSinceAnother < window;
    }

    /** Whether no call was accepted for a while: a failure that a message may have caused may then be the address's. */
    boolean isQuiet(long now) {
        return !anyAccepted || now - lastAccepted >= QUIET_NANOS;
    }

    int failures() {
        return failures;
    }

    boolean isLong() {
        return failures >= LONG;
    }

    /** Whether only messages of one lane have failed: in the current row if it is long, else among the last calls. */
    boolean isOfOneLane() {
        return isLong() ? !severalInRow : !severalInWindow;
    }
}
