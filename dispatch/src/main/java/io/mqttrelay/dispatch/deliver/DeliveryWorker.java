package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.lane.LeaseHold;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.settle.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Takes deliveries out of their lanes, one or a batch in a call, until each is durable or waits for a retry. Belongs to
 * the call threads; {@link ActiveTargets} is the consumer thread's side of the same lanes.
 */
public final class DeliveryWorker {
    /**
     * The threads that make the calls.
     *
     * @param limit calls that may be in flight at once
     * @param onFailure told of a defect that must end the process
     * @param nanoTime a monotonic clock, nanoseconds, for how long calls take
     */
    public record Calls(Executor threads, int limit, Consumer<Throwable> onFailure, LongSupplier nanoTime) {}

    /** The longest time for which a lane, or a revocation of the partition, waits until a dead letter is stored. */
    private static final Duration LONGEST_STORE = Duration.ofSeconds(2);

    /** The wait of a delivery that left its lane while the lanes were being closed. */
    private static final Duration UNTIL_FRESH = Duration.ofMillis(200);

    /** The time that a thread may need to shut the lanes of an address whose circuit breaker it has opened. */
    private static final Duration UNTIL_SHUT = Duration.ofMillis(10);

    private final Attempts attempts;
    private final Settlement settlement;
    private final ScheduledExecutorService timer;
    private final LeaseHold lease;
    private final Consumer<Throwable> onFailure;
    private final Lanes<Delivery> lanes;
    private final ActiveTargets targets;
    private final DestinationGate gate;
    private final CallTimes times;

    /** Deliveries in flight or waiting for their retry, only the first of each batch: a withdrawal must find them. */
    private final Set<Delivery> begun;

    /**
     * @param calls the threads that make the calls, blocking
     * @param timer for waits; must not be shut down before the consumer has given its partitions away
     * @param fresh false: another dispatcher may own the partitions by now
     * @param begun empty, and safe for any number of threads; owned by the worker from now on
     */
    public DeliveryWorker(
            Attempts attempts,
            Settlement settlement,
            Calls calls,
            ScheduledExecutorService timer,
            BooleanSupplier fresh,
            Set<Delivery> begun) {
        this.attempts = attempts;
        this.settlement = settlement;
        this.timer = timer;
        this.begun = begun;
        this.times = new CallTimes(calls.nanoTime());
        this.onFailure = calls.onFailure();
        this.lanes = new Lanes<>(calls.limit(), first -> calls.threads().execute(() -> work(first)), this::after);
        this.targets = new ActiveTargets(lanes, begun, times);
        this.gate = new DestinationGate(lanes, timer);
        this.lease = new LeaseHold(fresh, lanes::close, gate::after);
    }

    private void after(long nanos, Runnable task) {
        gate.after(Duration.ofNanos(nanos), task);
    }

    /** The lanes that the worker empties. Any thread. */
    public Lanes<Delivery> lanes() {
        return lanes;
    }

    /** The addresses that have lanes, for the consumer thread. */
    public ActiveTargets targets() {
        return targets;
    }

    /** Makes the call of a delivery, and then of each next one that the lanes return. */
    private void work(Delivery first) {
        try {
            Optional<Delivery> next = Optional.of(first);
            while (next.isPresent()) {
                next = turn(next.get());
            }
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    /** @param first of the deliveries in one call */
    private Optional<Delivery> turn(Delivery first) {
        List<Delivery> all = first.toSend();
        begun.add(first); // before it begins: a thread that takes the partition away must find it
        if (!first.assignment().begin(all.size())) { // all deliveries of a batch are of one partition
            return nothingToSend(first);
        }
        all.forEach(Delivery::begin);
        if (!lease.mayBegin()) {
            gate.nothingWasSent(first.target());
            return rest(first, all, UNTIL_FRESH);
        }
        for (Delivery each : all) {
            attempts.overBefore(each).ifPresent(outcome -> settle(each, outcome));
            if (each.undecided() != null) {
                break; // its condition took too long: the call fails without being made, and each message goes alone
            }
        }
        List<Delivery> batch = first.toSend(); // without first, if that has expired
        if (batch.isEmpty()) {
            lanes.giveBack(first.address());
            return nothingToSend(first);
        }
        return attempt(first, batch);
    }

    private Verdict call(Delivery first, List<Delivery> batch) {
        times.begins(first);
        Verdict verdict =
                attempts.attempt(batch, gate, () -> !first.offset().othersAreBlocked() && lanes.isAlone(first));
        times.ended(first, !(verdict instanceof Verdict.NotNow));
        gate.nothingWasSent(first.target()); // the breaker tells whether the probe was a message that could not be sent
        return verdict;
    }

    private Optional<Delivery> attempt(Delivery first, List<Delivery> batch) {
        return call(first, batch).match(new Verdict.Cases<Optional<Delivery>>() {
            @Override
            public Optional<Delivery> ended(Verdict.Ended ended) {
                batch.forEach(each -> settle(each, ended.outcome()));
                begun.remove(first);
                return close(first);
            }

            @Override
            public Optional<Delivery> again(Verdict.Again again) {
                return rest(first, batch, again.delay());
            }

            @Override
            public Optional<Delivery> apart(Verdict.Apart apart) {
                begun.remove(first);
                pause(batch);
                List<Delivery> together = first.together();
                together.forEach(Delivery::goAlone);
                return lanes.apart(together);
            }

            @Override
            public Optional<Delivery> withdrawn(Verdict.Withdrawn withdrawn) {
                pause(batch);
                return nothingToSend(first);
            }

            @Override
            public Optional<Delivery> notNow(Verdict.NotNow notNow) {
                return rest(first, batch, UNTIL_SHUT);
            }
        });
    }

    private static void pause(List<Delivery> batch) {
        batch.forEach(each -> each.assignment().pause());
    }

    private Optional<Delivery> nothingToSend(Delivery first) {
        begun.remove(first);
        gate.nothingWasSent(first.target());
        return close(first);
    }

    /**
     * Frees a lane when its last outcome is durable: so, in a lane that keeps order, durable deliveries come before the
     * others. A dead letter that Kafka does not store in time holds its lane up no longer.
     */
    private Optional<Delivery> close(Delivery first) {
        List<Storing> unstored = first.together().stream()
                .map(Delivery::storing)
                .filter(storing -> storing != null && !storing.isOver())
                .toList();
        if (first.orderKey() == null || unstored.isEmpty()) {
            return lanes.ended(first);
        }
        Optional<Delivery> next = lanes.rest(first);
        AtomicInteger left = new AtomicInteger(1);
        Runnable over = () -> {
            if (left.decrementAndGet() == 0) {
                lanes.takenBack(first);
            }
        };
        for (Storing each : unstored) {
            left.incrementAndGet();
            if (!each.whenOver(over)) {
                left.decrementAndGet();
            }
        }
        over.run();
        return next;
    }

    private void settle(Delivery delivery, Outcome outcome) {
        Storing storing = delivery.settle();
        Target target = delivery.target();
        settlement.settle(
                delivery.record(), target.appId(), target.destination().naming(), outcome, () -> {
                    delivery.offset().done();
                    storing.end();
                });
        if (!storing.isOver()) {
            gate.after(LONGEST_STORE, storing::end);
        }
    }

    private Optional<Delivery> rest(Delivery first, List<Delivery> batch, Duration wait) {
        Optional<Delivery> next = lanes.rest(first);
        if (first.assignment().isCurrent()) {
            batch.forEach(each -> each.waits(wait));
            first.rests();
            first.wakesBy(timer.schedule(() -> resume(first), wait.toMillis(), TimeUnit.MILLISECONDS));
        } else {
            begun.remove(first);
        }
        pause(batch);
        return next;
    }

    private void resume(Delivery first) {
        if (first.wake()) {
            begun.remove(first);
            lanes.resume(first);
        }
    }
}
