package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.progress.Tried;

/**
 * The attempts of one delivery: how many were made, how many failed, and how many failures count. The count and the time
 * of the first failure are kept in its {@link OffsetState}, where the consumer thread reads them for the commit. Belongs
 * to the thread that has the delivery, like the {@link Delivery}.
 */
final class History {
    private final OffsetState offset;
    private int made;
    private int failures;
    private int withoutCall;

    private boolean attempted;
    private long began;
    /** An accepted call that began later makes the next failure count. */
    private long witnessFrom;

    private boolean wasAlone;
    private int unansweredInRow;

    /** @param offset has the failed attempts of earlier dispatchers that count */
    History(OffsetState offset) {
        this.offset = offset;
        this.made = counted();
        this.failures = counted();
    }

    /** Notes that an attempt begins; monotonic clock, nanoseconds. */
    void begins(long now) {
        made++;
        if (!attempted) {
            witnessFrom = now;
        }
        attempted = true;
        began = now;
    }

    /**
     * Notes that the last attempt has failed.
     *
     * @param nowMillis the wall clock, epoch milliseconds
     * @param answered the address answered something
     */
    void failed(long nowMillis, boolean answered) {
        failures++;
        unansweredInRow = answered ? 0 : unansweredInRow + 1;
        if (firstFailure() == 0) {
            offset.tried(new Tried(counted(), nowMillis));
        }
    }

    /** Notes that the last attempt sent nothing: {@code hold_for} begins with a later failure. */
    void withoutCall() {
        withoutCall++;
        offset.tried(new Tried(counted(), 0));
    }

    /** Counts the last failure. */
    void count() {
        offset.tried(new Tried(counted() + 1, firstFailure()));
    }

    /** Counts the last failure and all before it whose attempts sent something. */
    void countAll() {
        offset.tried(new Tried(failures - withoutCall, firstFailure()));
    }

    /** Notes that the failure was judged: witnesses of the next one are calls that began after this attempt. */
    void judged(boolean alone) {
        wasAlone = alone;
        witnessFrom = began;
    }

    /** Uses up the witness of this failure for the next one; after {@link #judged}. */
    void witnessed(long acceptedCallBegan) {
        if (acceptedCallBegan - witnessFrom > 0) {
            witnessFrom = acceptedCallBegan;
        }
    }

    /** Resets everything, as if the message had never been sent. */
    void forget() {
        forgetAttempts();
        offset.tried(Tried.NOTHING);
    }

    /** Resets everything but the time of the first failure. */
    void forgetAttempts() {
        offset.tried(new Tried(0, firstFailure()));
        made = 0;
        failures = 0;
        withoutCall = 0;
        attempted = false;
        wasAlone = false;
        unansweredInRow = 0;
    }

    /** Failed attempts that count. */
    int counted() {
        return offset.tried().attempts();
    }

    /** Attempts made: those of this dispatcher, and those of earlier ones that count. */
    int made() {
        return made;
    }

    /** Failed attempts: those of this dispatcher, and those of earlier ones that count. */
    int failures() {
        return failures;
    }

    /** When the first attempt failed, epoch milliseconds; 0: none has failed. */
    long firstFailure() {
        return offset.tried().firstFailure();
    }

    long witnessFrom() {
        return witnessFrom;
    }

    /** Whether no other message could be tried in its place after its last judged attempt. */
    boolean wasAlone() {
        return wasAlone;
    }

    int unansweredInRow() {
        return unansweredInRow;
    }
}
