package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.dispatch.template.Condition;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Makes one attempt of a delivery, or of a batch; {@link CallDecision} decides the next step. Any thread. */
public final class Attempts {
    private static final Logger log = LogManager.getLogger(Attempts.class);

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
        return result.match(
                new CallDecision(new CallDecision.Call(batch, began, permit), clock, nanoTime, gate, alone));
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
}
