package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.dispatch.template.Condition;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Makes one attempt of a delivery, or of a batch, and decides what follows. Any thread. */
public final class Attempts {
    private static final Logger log = LogManager.getLogger(Attempts.class);

    /**
     * After this many unanswered calls of a batch in a row, with no other message to try, one message may be the cause.
     */
    private static final int HANGS = 2;

    private final Clock clock;
    private final LongSupplier nanoTime;

    /** @param nanoTime a monotonic clock, nanoseconds, for how long calls take */
    public Attempts(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** The outcome of a delivery that must not be attempted any more; empty: it may be attempted. */
    public Optional<Outcome> overBefore(Delivery delivery) {
        Long expiresAt = delivery.message().expiresAt();
        if (expiresAt != null && expiresAt <= clock.millis()) {
            delivery.target().meters().expired();
            return dead(delivery, DeadReason.EXPIRED, "the message's expiry passed before its delivery");
        }
        if (!delivery.target().retries().isLeft(delivery.attempts())) {
            // a dispatcher that made the attempts has died before the dead letter was stored
            delivery.target().meters().exhausted();
            return dead(
                    delivery,
                    DeadReason.RETRIES_EXHAUSTED,
                    "all attempts were made before a restart, or retry is lower now");
        }
        return delivery.isDecided() ? Optional.empty() : decide(delivery);
    }

    /** Asks the condition of the address: here, on the thread of the delivery, because it may take seconds. */
    private static Optional<Outcome> decide(Delivery delivery) {
        Condition.Decision decision = delivery.target().condition().decide(delivery.message());
        if (decision instanceof Condition.Decision.Exclude) {
            delivery.target().meters().excluded();
            return Optional.of(new Outcome.Excluded());
        }
        if (decision instanceof Condition.Decision.Undecided undecided) {
            if (!undecided.why().again()) {
                delivery.target().meters().unprocessable();
                return dead(delivery, DeadReason.UNPROCESSABLE, undecided.why().error());
            }
            delivery.undecided(undecided.why().error());
        } else {
            delivery.decided();
        }
        return Optional.empty();
    }

    private static Optional<Outcome> dead(Delivery delivery, DeadReason reason, String error) {
        return Optional.of(new Outcome.Dead(reason, delivery.history().made(), null, error));
    }

    /**
     * Sends the messages once, in one call, on the calling thread, which waits for the answer.
     *
     * @param batch to one target; at least one
     * @param gate told, before this returns, of consequences for the address
     * @param alone whether no other message of the address can be tried instead of these
     */
    public Verdict attempt(List<Delivery> batch, Gate gate, BooleanSupplier alone) {
        Target target = batch.get(0).target();
        AddressBreaker.Permit permit = target.breaker().begin();
        if (permit == null) {
            return new Verdict.NotNow();
        }
        long began = nanoTime.getAsLong();
        batch.forEach(delivery -> delivery.history().begins(began));
        SinkResult result = execute(batch);
        target.meters().attempted(nanoTime.getAsLong() - began, result.answer());
        return result.match(new Decision(new Call(batch, began, permit), gate, alone));
    }

    private static SinkResult execute(List<Delivery> batch) {
        Delivery first = batch.get(0);
        for (Delivery delivery : batch) {
            String undecided = delivery.undecided();
            if (undecided != null) {
                return new SinkResult.Unshaped(undecided, true);
            }
        }
        try {
            List<RelayMessage> messages = batch.size() == 1
                    ? List.of(first.message())
                    : batch.stream().map(Delivery::message).toList();
            SinkCall call = first.target().sink().call(messages, first.history().made());
            batch.forEach(delivery -> delivery.call().executes(call));
            return call.execute();
        } catch (RuntimeException e) {
            // a defect of a sink must cost this message its attempts, but neither the thread nor the address its call
            log.error(
                    "app {}: a call failed by a defect of the relay",
                    first.message().appId(),
                    e);
            return new SinkResult.Unavailable(Cause.EITHER, null, "internal error, see the log", null);
        } finally {
            batch.forEach(delivery -> delivery.call().executed());
        }
    }

    /**
     * A call that has ended.
     *
     * @param began monotonic clock, nanoseconds
     */
    private record Call(List<Delivery> batch, long began, AddressBreaker.Permit permit) {
        Target target() {
            return batch.get(0).target();
        }

        boolean isCancelled() {
            return batch.stream().anyMatch(delivery -> delivery.call().isCancelled());
        }
    }

    private final class Decision implements SinkResult.Cases<Verdict> {
        private final Call call;
        private final Target target;
        private final Gate gate;
        private final BooleanSupplier alone;

        Decision(Call call, Gate gate, BooleanSupplier alone) {
            this.call = call;
            this.target = call.target();
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
}
