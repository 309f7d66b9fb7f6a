package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Makes one attempt of a delivery and decides what follows from it. Safe for any number of threads. */
public final class Attempts {
    private static final Logger log = LogManager.getLogger(Attempts.class);

    private final Clock clock;
    private final LongSupplier nanoTime;

    /** @param nanoTime a monotonic clock, nanoseconds, for how long calls take */
    public Attempts(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Sends the message once, unless it has expired, on the calling thread, which waits for the answer. */
    public Verdict attempt(Delivery delivery) {
        Long expiresAt = delivery.message().expiresAt();
        if (expiresAt != null && expiresAt <= clock.millis()) {
            delivery.target().meters().expired();
            return new Verdict.Ended(new Outcome.Dead(
                    DeadReason.EXPIRED, delivery.attempts(), null, "the message's expiry passed before its delivery"));
        }
        long begin = nanoTime.getAsLong();
        SinkResult result = execute(delivery);
        delivery.target().meters().attempted(nanoTime.getAsLong() - begin);
        return result.match(new Decision(delivery));
    }

    private static SinkResult execute(Delivery delivery) {
        try {
            return delivery.nextCall().execute();
        } catch (RuntimeException e) {
            // a defect of a sink must cost this message its attempts, not the thread or the address its place
            log.error(
                    "app {}: a call failed in a way that nobody foresaw",
                    delivery.message().appId(),
                    e);
            return new SinkResult.Unavailable(null, "internal error: " + e, null);
        } finally {
            delivery.callEnded();
        }
    }

    private final class Decision implements SinkResult.Cases<Verdict> {
        private final Delivery delivery;
        private final Target target;

        Decision(Delivery delivery) {
            this.delivery = delivery;
            this.target = delivery.target();
        }

        @Override
        public Verdict accepted(SinkResult.Accepted accepted) {
            target.meters().delivered(clock.millis() - delivery.message().receivedAt());
            target.log().accepted();
            return new Verdict.Ended(new Outcome.Delivered());
        }

        @Override
        public Verdict refused(SinkResult.Refused refused) {
            target.meters().rejected();
            return dead(DeadReason.REJECTED, refused.status(), refused.error());
        }

        @Override
        public Verdict unavailable(SinkResult.Unavailable unavailable) {
            if (delivery.isCancelled()) {
                return new Verdict.Withdrawn();
            }
            target.log().failed(unavailable.error());
            Duration retryAfter = unavailable.retryAfter();
            Duration wait = target.retries().waitAfter(delivery.attempts(), retryAfter);
            if (wait == null) {
                target.meters().exhausted();
                return dead(DeadReason.RETRIES_EXHAUSTED, unavailable.status(), unavailable.error());
            }
            target.meters().retried();
            return new Verdict.Again(wait, retryAfter == null ? Duration.ZERO : retryAfter);
        }

        private Verdict dead(DeadReason reason, @Nullable Integer status, String error) {
            return new Verdict.Ended(new Outcome.Dead(reason, delivery.attempts(), status, error));
        }
    }
}
