package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Makes one attempt of a delivery and decides what follows from it. Safe for any number of threads. */
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

    /**
     * Sends the message once, unless it has expired, on the calling thread, which waits for the answer.
     *
     * @param gate told, before this returns, what follows for the address
     */
    public Verdict attempt(Delivery delivery, Gate gate) {
        Long expiresAt = delivery.message().expiresAt();
        if (expiresAt != null && expiresAt <= clock.millis()) {
            delivery.target().meters().expired();
            return new Verdict.Ended(new Outcome.Dead(
                    DeadReason.EXPIRED, delivery.attempts(), null, "the message's expiry passed before its delivery"));
        }
        if (!delivery.target().retries().isLeft(delivery.attempts())) {
            // made by a dispatcher that died before the dead letter was stored
            delivery.target().meters().exhausted();
            return new Verdict.Ended(new Outcome.Dead(
                    DeadReason.RETRIES_EXHAUSTED,
                    delivery.attempts(),
                    null,
                    "all attempts were made before the dispatcher was restarted"));
        }
        AddressBreaker.Permit permit = delivery.target().breaker().begin();
        if (permit == null) {
            return new Verdict.NotNow();
        }
        long begin = nanoTime.getAsLong();
        Optional<SinkResult> result = execute(delivery);
        delivery.target().meters().attempted(nanoTime.getAsLong() - begin);
        Decision decision = new Decision(delivery, permit, gate);
        return result.isPresent() ? result.get().match(decision) : decision.defect();
    }

    /** Empty: a defect of the sink. */
    private static Optional<SinkResult> execute(Delivery delivery) {
        try {
            return Optional.of(delivery.nextCall().execute());
        } catch (RuntimeException e) {
            // a defect of a sink must cost this message its attempts, not the thread or the address its place
            log.error(
                    "app {}: a call failed in a way that nobody foresaw",
                    delivery.message().appId(),
                    e);
            return Optional.empty();
        } finally {
            delivery.callEnded();
        }
    }

    /** Every message would have met this, so no message's attempts are used up by it. */
    private static boolean speaksOfTheAddressAlone(@Nullable Integer status) {
        return status == null || ADDRESS_ALONE.contains(status);
    }

    private final class Decision implements SinkResult.Cases<Verdict> {
        private final Delivery delivery;
        private final Target target;
        private final AddressBreaker.Permit permit;
        private final Gate gate;

        Decision(Delivery delivery, AddressBreaker.Permit permit, Gate gate) {
            this.delivery = delivery;
            this.target = delivery.target();
            this.permit = permit;
            this.gate = gate;
        }

        @Override
        public Verdict accepted(SinkResult.Accepted accepted) {
            target.meters().delivered(clock.millis() - delivery.message().receivedAt());
            answered();
            target.log().accepted();
            return new Verdict.Ended(new Outcome.Delivered());
        }

        @Override
        public Verdict refused(SinkResult.Refused refused) {
            target.meters().rejected();
            answered();
            return dead(DeadReason.REJECTED, refused.status(), refused.error());
        }

        @Override
        public Verdict unavailable(SinkResult.Unavailable unavailable) {
            return unavailable(unavailable, speaksOfTheAddressAlone(unavailable.status()));
        }

        Verdict defect() {
            return unavailable(new SinkResult.Unavailable(null, "internal error, see the log", null), false);
        }

        private Verdict unavailable(SinkResult.Unavailable unavailable, boolean addressAlone) {
            if (delivery.isCancelled()) {
                target.breaker().withdrawn(permit);
                return new Verdict.Withdrawn();
            }
            failed(unavailable);
            Duration retryAfter = unavailable.retryAfter();
            if (permit.probe() && addressAlone) {
                delivery.uncount();
                target.meters().retried();
                return new Verdict.Again(untilNextProbe());
            }
            Duration wait = target.retries().waitAfter(delivery.attempts(), retryAfter);
            if (wait == null) {
                target.meters().exhausted();
                return dead(DeadReason.RETRIES_EXHAUSTED, unavailable.status(), unavailable.error());
            }
            target.meters().retried();
            return new Verdict.Again(wait);
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
            Duration backoff = target.retries().backoff(Math.max(1, delivery.attempts()));
            Duration openFor = target.breaker().openFor();
            return backoff.compareTo(openFor) < 0 ? backoff : openFor;
        }

        private Verdict dead(DeadReason reason, @Nullable Integer status, String error) {
            return new Verdict.Ended(new Outcome.Dead(reason, delivery.attempts(), status, error));
        }
    }
}
