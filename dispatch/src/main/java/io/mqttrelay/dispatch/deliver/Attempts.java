package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Makes one attempt of a delivery, or of a batch of them, and decides what follows from it. Safe for any number of threads. */
public final class Attempts {
    private static final Logger log = LogManager.getLogger(Attempts.class);

    /** Request timeout, too many requests, and what gateways and servers under maintenance answer. */
    private static final Set<Integer> ADDRESS_ALONE = Set.of(408, 429, 502, 503, 504);

    private final Clock clock;
    private final LongSupplier nanoTime;

    /** @param nanoTime a monotonic clock, nanoseconds, for how long calls take */
    public Attempts(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Why this delivery has ended without another attempt; empty: it has not. */
    public Optional<Outcome> overBefore(Delivery delivery) {
        Long expiresAt = delivery.message().expiresAt();
        if (expiresAt != null && expiresAt <= clock.millis()) {
            delivery.target().meters().expired();
            return dead(delivery, DeadReason.EXPIRED, "the message's expiry passed before its delivery");
        }
        if (!delivery.target().retries().isLeft(delivery.attempts())) {
            // made by a dispatcher that died before the dead letter was stored
            delivery.target().meters().exhausted();
            return dead(
                    delivery,
                    DeadReason.RETRIES_EXHAUSTED,
                    "all attempts were made before a restart, or retry is lower now");
        }
        return Optional.empty();
    }

    private static Optional<Outcome> dead(Delivery delivery, DeadReason reason, String error) {
        return Optional.of(new Outcome.Dead(reason, delivery.attempts(), null, error));
    }

    /**
     * Sends the messages once, in one call, on the calling thread, which waits for the answer.
     *
     * @param batch to one target and with the same number of attempts made; at least one
     * @param gate told, before this returns, what follows for the address
     */
    public Verdict attempt(List<Delivery> batch, Gate gate) {
        Target target = batch.get(0).target();
        AddressBreaker.Permit permit = target.breaker().begin();
        if (permit == null) {
            return new Verdict.NotNow();
        }
        long begin = nanoTime.getAsLong();
        Optional<SinkResult> result = execute(batch);
        target.meters().attempted(nanoTime.getAsLong() - begin);
        Decision decision = new Decision(batch, permit, gate);
        return result.isPresent() ? result.get().match(decision) : decision.defect();
    }

    /** Empty: a defect of the sink. */
    private static Optional<SinkResult> execute(List<Delivery> batch) {
        Delivery first = batch.get(0);
        try {
            batch.forEach(Delivery::count);
            List<RelayMessage> messages = batch.size() == 1
                    ? List.of(first.message())
                    : batch.stream().map(Delivery::message).toList();
            SinkCall call = first.target().sink().call(messages, first.attempts());
            batch.forEach(delivery -> delivery.callBegan(call));
            return Optional.of(call.execute());
        } catch (RuntimeException e) {
            // a defect of a sink must cost this message its attempts, not the thread or the address its place
            log.error(
                    "app {}: a call failed in a way that nobody foresaw",
                    first.message().appId(),
                    e);
            return Optional.empty();
        } finally {
            batch.forEach(Delivery::callEnded);
        }
    }

    /** Every message would have met this, so no message's attempts are used up by it. */
    private static boolean speaksOfTheAddressAlone(@Nullable Integer status) {
        return status == null || ADDRESS_ALONE.contains(status);
    }

    private final class Decision implements SinkResult.Cases<Verdict> {
        private final List<Delivery> batch;
        private final Target target;
        private final int attempts;
        private final AddressBreaker.Permit permit;
        private final Gate gate;

        Decision(List<Delivery> batch, AddressBreaker.Permit permit, Gate gate) {
            this.batch = batch;
            this.target = batch.get(0).target();
            this.attempts = batch.get(0).attempts();
            this.permit = permit;
            this.gate = gate;
        }

        @Override
        public Verdict accepted(SinkResult.Accepted accepted) {
            long now = clock.millis();
            batch.forEach(delivery ->
                    target.meters().delivered(now - delivery.message().receivedAt()));
            answered();
            target.log().accepted();
            return new Verdict.Ended(new Outcome.Delivered());
        }

        @Override
        public Verdict refused(SinkResult.Refused refused) {
            answered();
            if (batch.size() > 1) {
                return apart();
            }
            target.meters().rejected();
            return dead(DeadReason.REJECTED, refused.status(), refused.error());
        }

        @Override
        public Verdict unavailable(SinkResult.Unavailable unavailable) {
            if (isCancelled()) {
                return withdrawn();
            }
            failed(unavailable);
            if (permit.probe() && speaksOfTheAddressAlone(unavailable.status())) {
                batch.forEach(Delivery::uncount);
                retried();
                return new Verdict.Again(untilNextProbe());
            }
            return againOrDead(unavailable);
        }

        Verdict defect() {
            if (isCancelled()) {
                return withdrawn();
            }
            SinkResult.Unavailable defect = new SinkResult.Unavailable(null, "internal error, see the log", null);
            failed(defect);
            return batch.size() > 1 ? apart() : againOrDead(defect);
        }

        private boolean isCancelled() {
            return batch.stream().anyMatch(Delivery::isCancelled);
        }

        private Verdict withdrawn() {
            target.breaker().withdrawn(permit);
            return new Verdict.Withdrawn();
        }

        /** One of them is to blame, the others shall not suffer for it: not even by an attempt. */
        private Verdict apart() {
            batch.forEach(Delivery::uncount);
            retried();
            return new Verdict.Apart();
        }

        private Verdict againOrDead(SinkResult.Unavailable unavailable) {
            Duration wait = target.retries().waitAfter(attempts, unavailable.retryAfter());
            if (wait == null) {
                batch.forEach(delivery -> target.meters().exhausted());
                return dead(DeadReason.RETRIES_EXHAUSTED, unavailable.status(), unavailable.error());
            }
            retried();
            return new Verdict.Again(wait);
        }

        private void retried() {
            batch.forEach(delivery -> target.meters().retried());
        }

        private void answered() {
            follow(target.breaker().answered(permit));
        }

        private void failed(SinkResult.Unavailable unavailable) {
            target.log().failed(unavailable.error());
            follow(target.breaker().failed(permit));
            Duration retryAfter = unavailable.retryAfter();
            if (retryAfter != null && !retryAfter.isZero()) {
                target.retryAfter().ask(nanoTime.getAsLong(), retryAfter);
                gate.leaveAlone(target, retryAfter);
            }
        }

        private void follow(AddressBreaker.Change change) {
            AddressBreaker breaker = target.breaker();
            switch (change) {
                case OPENED -> {
                    gate.shut(target, breaker.openFor());
                    target.log().opened(breaker.failedCalls(), breaker.calls(), breaker.openFor());
                }
                case CLOSED -> {
                    target.log().closed();
                    gate.open(target);
                }
                case NONE -> {}
            }
        }

        /** Long enough to let others of the address be the next probe, never so long that there is none. */
        private Duration untilNextProbe() {
            Duration backoff = target.retries().backoff(attempts);
            Duration openFor = target.breaker().openFor();
            return backoff.compareTo(openFor) < 0 ? backoff : openFor;
        }

        private Verdict dead(DeadReason reason, @Nullable Integer status, String error) {
            return new Verdict.Ended(new Outcome.Dead(reason, attempts, status, error));
        }
    }
}
