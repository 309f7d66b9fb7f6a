package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Decides whether a failed attempt uses up one of its message's attempts (decision 073). Any thread. */
final class AttemptRule {
    private final Duration holdFor;
    private final Acceptances acceptances;

    /** @param holdFor how long a message may hold up its address while nothing else can be tried */
    AttemptRule(Duration holdFor, Acceptances acceptances) {
        this.holdFor = holdFor;
        this.acceptances = acceptances;
    }

    /**
     * Judges the attempt that has just failed.
     *
     * @param nowMillis the wall clock, epoch milliseconds
     * @param alone whether no other message of the address can be tried in its place
     * @return whether it counts
     */
    boolean judge(History history, Cause cause, long nowMillis, BooleanSupplier alone) {
        if (cause == Cause.LOGIN) { // nothing was sent, so not even hold_for: 0s makes it count
            history.withoutCall();
            history.judged(false);
            return false;
        }
        if (cause == Cause.EITHER || holdFor.isZero()) {
            history.count();
            history.judged(false);
            return true;
        }
        boolean held = nowMillis - history.firstFailure() >= holdFor.toMillis();
        boolean isAlone = alone.getAsBoolean();
        boolean hadItsTime = held && isAlone && history.wasAlone();
        boolean witnessed = (held || cause == Cause.ADDRESS) && acceptances.since(history.witnessFrom());
        history.judged(isAlone);
        if (hadItsTime) {
            history.countAll();
        } else if (witnessed) {
            history.count();
            history.witnessed(acceptances.latest());
        }
        return hadItsTime || witnessed;
    }
}
