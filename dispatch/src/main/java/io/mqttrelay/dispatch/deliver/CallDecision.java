package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Decides the step after a call that has ended, and tells the address of its result. One thread. */
final class CallDecision implements SinkResult.Cases<Verdict> {
    /**
     * After this many unanswered calls of a batch in a row, with no other message to try, one message may be the cause.
     */
    private static final int HANGS = 2;

    /**
     * A call that has ended.
     *
     * @param began monotonic clock, nanoseconds
     */
    record Call(List<Delivery> batch, long began, AddressBreaker.Permit permit) {
        Target target() {
            return batch.get(0).target();
        }

        boolean isCancelled() {
            return batch.stream().anyMatch(delivery -> delivery.call().isCancelled());
        }
    }

    private final Call call;
    private final Target target;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Gate gate;
    private final BooleanSupplier alone;

    /**
     * @param nanoTime a monotonic clock, nanoseconds
     * @param gate told of consequences for the address
     * @param alone whether no other message of the address can be tried instead of these
     */
    CallDecision(Call call, Clock clock, LongSupplier nanoTime, Gate gate, BooleanSupplier alone) {
        this.call = call;
        this.target = call.target();
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.gate = gate;
        this.alone = alone;
    }

    @Override
    public Verdict accepted(SinkResult.Accepted accepted) {
        long now = clock.millis();
        call.batch().forEach(delivery -> delivery.countDelivered(now));
        target.acceptances().accepted(call.began());
        target.throttle().accepted();
        follow(target.breaker().accepted(call.permit(), nanoTime.getAsLong()));
        target.log().accepted();
        return new Verdict.Ended(new Outcome.Delivered());
    }

    @Override
    public Verdict refused(SinkResult.Refused refused) {
        follow(target.breaker().rejected(call.permit()));
        if (call.batch().size() > 1) {
            return apart(History::forget);
        }
        target.meters().rejected();
        return dead(DeadReason.REJECTED, refused.answer(), refused.error());
    }

    /** Nothing was sent, so it tells nothing about the address. */
    @Override
    public Verdict unshaped(SinkResult.Unshaped unshaped) {
        target.breaker().withdrawn(call.permit());
        if (call.isCancelled()) {
            return new Verdict.Withdrawn();
        }
        if (call.batch().size() > 1) {
            return apart(History::forget);
        }
        if (!unshaped.again()) {
            target.meters().unprocessable();
            return dead(DeadReason.UNPROCESSABLE, null, unshaped.error());
        }
        long now = clock.millis();
        first().failed(now, false);
        target.rule().judge(first(), Cause.EITHER, now, alone);
        if (!target.retries().isLeft(first().counted())) {
            target.meters().exhausted();
            return dead(DeadReason.RETRIES_EXHAUSTED, null, unshaped.error());
        }
        retried();
        return new Verdict.Again(target.retries().backoff(first().failures()));
    }

    @Override
    public Verdict unavailable(SinkResult.Unavailable failure) {
        if (call.isCancelled()) {
            target.breaker().withdrawn(call.permit());
            return new Verdict.Withdrawn();
        }
        AddressBreaker.Change change = failed(failure);
        long now = clock.millis();
        boolean hung = failure.answer() == null && failure.cause() != Cause.LOGIN;
        call.batch().forEach(delivery -> delivery.history().failed(now, !hung));
        return call.batch().size() > 1 ? ofBatch(failure, change, now) : ofOne(failure, change, now);
    }

    private Verdict ofOne(SinkResult.Unavailable failure, AddressBreaker.Change change, long now) {
        History history = first();
        boolean counts = target.rule().judge(history, failure.cause(), now, alone);
        if (counts && !target.retries().isLeft(history.counted())) {
            target.meters().exhausted();
            return dead(DeadReason.RETRIES_EXHAUSTED, failure.answer(), failure.error());
        }
        return again(failure, change);
    }

    /**
     * Decides for a failed batch. If the failure counts, one message may be the cause: each is tried alone. The
     * same goes for a hang, if no other message can be tried. If the address failed, the {@code hold_for} of the
     * first message goes on: the batch has held up the address as this message alone would have.
     */
    private Verdict ofBatch(SinkResult.Unavailable failure, AddressBreaker.Change change, long now) {
        boolean isAlone = alone.getAsBoolean();
        boolean counts = false;
        for (Delivery delivery : call.batch()) {
            counts |= target.rule().judge(delivery.history(), failure.cause(), now, () -> isAlone);
        }
        boolean hangs = isAlone && first().unansweredInRow() >= HANGS;
        if (!counts && !hangs) {
            return again(failure, change);
        }
        return apart(failure.cause() == Cause.EITHER ? History::forget : History::forgetAttempts);
    }

    private History first() {
        return call.batch().get(0).history();
    }

    /**
     * Separates the batch: one message may be the cause, and the others lose no attempt for it. After an outage
     * they begin their own {@code hold_for}, so that only the first becomes a dead letter for it.
     */
    private Verdict apart(Consumer<History> ofFirst) {
        ofFirst.accept(first());
        call.batch().stream().skip(1).forEach(delivery -> delivery.history().forget());
        retried();
        return new Verdict.Apart();
    }

    private Verdict again(SinkResult.Unavailable failure, AddressBreaker.Change change) {
        retried();
        Duration wait = backoff(change);
        Duration retryAfter = failure.retryAfter();
        return new Verdict.Again(retryAfter == null || retryAfter.compareTo(wait) < 0 ? wait : retryAfter);
    }

    /**
     * The wait before the next attempt. A failed probe waits until another message of the address may be the next
     * probe, and never longer than its own backoff. If no other lane has failed, another lane may send a probe at
     * once, and this message waits until its own is due.
     */
    private Duration backoff(AddressBreaker.Change change) {
        Duration openFor = target.breaker().openFor();
        if (change == AddressBreaker.Change.OPENED_BY_ONE_LANE) {
            return openFor;
        }
        Duration backoff = target.retries().backoff(first().failures());
        return call.permit().probe() && openFor.compareTo(backoff) < 0 ? openFor : backoff;
    }

    private void retried() {
        call.batch().forEach(delivery -> target.meters().retried());
    }

    private AddressBreaker.Change failed(SinkResult.Unavailable failure) {
        target.log().failed(failure.error());
        if (failure.cause() == Cause.OVERLOAD) {
            target.throttle().overloaded(call.began());
        }
        String lane = call.batch().get(0).lane();
        AddressBreaker.Change change =
                target.breaker().failed(call.permit(), failure.cause(), lane, nanoTime.getAsLong());
        follow(change);
        Duration retryAfter = failure.retryAfter();
        if (retryAfter != null && !retryAfter.isZero()) {
            target.retryAfter().ask(nanoTime.getAsLong(), retryAfter);
            gate.leaveAlone(target, retryAfter);
        }
        return change;
    }

    private void follow(AddressBreaker.Change change) {
        AddressBreaker breaker = target.breaker();
        switch (change) {
            case OPENED -> {
                gate.shut(target, breaker.openFor());
                target.log().opened(breaker.reason(), breaker.openFor());
            }
            case OPENED_BY_ONE_LANE -> {
                target.log().openedByOneLane(breaker.reason(), breaker.openFor());
                gate.shut(target, Duration.ZERO);
            }
            case CLOSED -> {
                target.log().closed();
                gate.open(target);
            }
            case NONE -> {}
        }
    }

    private Verdict dead(DeadReason reason, @Nullable Answer answer, String error) {
        return new Verdict.Ended(new Outcome.Dead(reason, first().made(), Answer.statusOf(answer), error));
    }
}
