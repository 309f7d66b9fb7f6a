package io.mqttrelay.dispatch;

import io.mqttrelay.dispatch.consume.SlowCalls;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.deliver.Outcome;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Verdict;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.settle.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The half of {@link DispatchPath} that belongs to the call threads: takes deliveries out of their lanes, one or a
 * batch in a call, until each is durable or waits for a retry. {@link #withdraw} and {@link #cancelWithdrawn} belong to
 * the consumer thread.
 */
final class Carrier {
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
    private final Lanes<Outbound> lanes;
    private final Holds holds;
    private final CallTimes times;

    /** Deliveries in flight or waiting for their retry, only the first of each batch: a withdrawal must find them. */
    private final Set<Outbound> begun;

    /**
     * @param calls the threads that make the calls, blocking
     * @param timer for waits; must not be shut down before the consumer has given its partitions away
     * @param fresh false: another dispatcher may own the partitions by now
     * @param begun empty, and safe for any number of threads; owned by the carrier from now on
     */
    Carrier(
            Attempts attempts,
            Settlement settlement,
            DispatchPath.Calls calls,
            ScheduledExecutorService timer,
            BooleanSupplier fresh,
            Set<Outbound> begun) {
        this.attempts = attempts;
        this.settlement = settlement;
        this.timer = timer;
        this.begun = begun;
        this.times = new CallTimes(calls.nanoTime());
        this.onFailure = calls.onFailure();
        this.lanes =
                new Lanes<>(calls.limit(), outbound -> calls.threads().execute(() -> carry(outbound)), this::after);
        this.holds = new Holds(lanes, timer);
        this.lease = new LeaseHold(fresh, lanes::close, holds::after);
    }

    private void after(long nanos, Runnable task) {
        holds.after(Duration.ofNanos(nanos), task);
    }

    /** Reserves calls for an address that may get deliveries. */
    void expect(LaneAddress address) {
        lanes.expect(address);
    }

    /** Sets how many calls may be in flight at once, at most the limit. */
    void allow(int calls) {
        lanes.allow(calls);
    }

    Lanes.Traffic traffic() {
        return lanes.traffic();
    }

    void submit(List<Outbound> outbounds) {
        lanes.submit(outbounds);
    }

    /** Makes the call of a delivery, and then of each next one that the lanes return. */
    private void carry(Outbound first) {
        try {
            Optional<Outbound> next = Optional.of(first);
            while (next.isPresent()) {
                next = turn(next.get());
            }
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    /** @param first of the deliveries in one call */
    private Optional<Outbound> turn(Outbound first) {
        List<Outbound> all = first.toSend();
        begun.add(first); // before it begins: a thread that takes the partition away must find it
        if (!first.assignment().begin(all.size())) { // all deliveries of a batch are of one partition
            return nothingToSend(first);
        }
        if (!lease.mayBegin()) {
            holds.nothingWasSent(target(first));
            return rest(first, all, UNTIL_FRESH);
        }
        all.forEach(each -> attempts.overBefore(each.delivery()).ifPresent(outcome -> settle(each, outcome)));
        List<Outbound> batch = first.toSend();
        return batch.isEmpty() ? nothingToSend(first) : attempt(first, batch);
    }

    private Verdict call(Outbound first, List<Delivery> deliveries) {
        times.begins(first);
        Verdict verdict =
                attempts.attempt(deliveries, holds, () -> !first.receipt().othersAreBlocked() && lanes.isAlone(first));
        times.ended(first, !(verdict instanceof Verdict.NotNow));
        return verdict;
    }

    private Optional<Outbound> attempt(Outbound first, List<Outbound> batch) {
        List<Delivery> deliveries = batch.size() == 1
                ? List.of(batch.get(0).delivery()) // not always the first, which may have expired
                : batch.stream().map(Outbound::delivery).toList();
        return call(first, deliveries).match(new Verdict.Cases<Optional<Outbound>>() {
            @Override
            public Optional<Outbound> ended(Verdict.Ended ended) {
                batch.forEach(each -> settle(each, ended.outcome()));
                begun.remove(first);
                return close(first);
            }

            @Override
            public Optional<Outbound> again(Verdict.Again again) {
                batch.forEach(Carrier::remember);
                return rest(first, batch, again.delay());
            }

            @Override
            public Optional<Outbound> apart(Verdict.Apart apart) {
                begun.remove(first);
                pause(batch);
                batch.forEach(Carrier::remember);
                List<Outbound> together = first.together();
                together.forEach(Outbound::goAlone);
                return lanes.apart(together);
            }

            @Override
            public Optional<Outbound> withdrawn(Verdict.Withdrawn withdrawn) {
                pause(batch);
                return nothingToSend(first);
            }

            @Override
            public Optional<Outbound> notNow(Verdict.NotNow notNow) {
                return rest(first, batch, UNTIL_SHUT);
            }
        });
    }

    /** Stores the failed attempts for the commit: a restart does not forget them. */
    private static void remember(Outbound outbound) {
        Delivery delivery = outbound.delivery();
        outbound.receipt().tried(new Tried(delivery.attempts(), delivery.firstFailure()));
    }

    private static void pause(List<Outbound> batch) {
        batch.forEach(each -> each.assignment().pause());
    }

    private static Target target(Outbound outbound) {
        return outbound.delivery().target();
    }

    private Optional<Outbound> nothingToSend(Outbound first) {
        begun.remove(first);
        holds.nothingWasSent(target(first));
        return close(first);
    }

    /**
     * Frees a lane when its last outcome is durable: so, in a lane that keeps order, durable deliveries come before the
     * others. A dead letter that Kafka does not store in time holds its lane up no longer.
     */
    private Optional<Outbound> close(Outbound first) {
        List<Storing> unstored = first.together().stream()
                .map(Outbound::storing)
                .filter(storing -> storing != null && !storing.isOver())
                .toList();
        if (first.orderKey() == null || unstored.isEmpty()) {
            return lanes.ended(first);
        }
        Optional<Outbound> next = lanes.rest(first);
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

    private void settle(Outbound outbound, Outcome outcome) {
        Storing storing = outbound.isOver();
        remember(outbound);
        Target target = target(outbound);
        settlement.settle(
                outbound.record(), target.appId(), target.destination().naming(), outcome, () -> {
                    outbound.receipt().done();
                    storing.end();
                });
        if (!storing.isOver()) {
            holds.after(LONGEST_STORE, storing::end);
        }
    }

    private Optional<Outbound> rest(Outbound first, List<Outbound> batch, Duration wait) {
        Optional<Outbound> next = lanes.rest(first);
        if (first.assignment().isCurrent()) {
            first.rests();
            batch.forEach(each -> each.receipt().waits(wait.toNanos()));
            first.wakesBy(timer.schedule(() -> resume(first), wait.toMillis(), TimeUnit.MILLISECONDS));
        } else {
            begun.remove(first);
        }
        pause(batch);
        return next;
    }

    private void resume(Outbound first) {
        if (first.wake()) {
            begun.remove(first);
            first.together().forEach(each -> each.receipt().waits(0));
            lanes.resume(first);
        }
    }

    /** Drops the deliveries of an address that have not begun; their receipts are notified. */
    void unload(LaneAddress address, Assignment assignment) {
        drop(lanes.unload(address, assignment));
    }

    /**
     * Drops the deliveries of some lanes that have not begun; their receipts are notified.
     *
     * @param lanes by their order keys
     * @param resting whether deliveries that wait for their next attempt are dropped, too
     */
    void unloadLanes(Target target, Assignment assignment, Set<String> lanes, boolean resting) {
        List<Outbound> taken = new ArrayList<>(this.lanes.unload(target.lanes(), assignment, lanes));
        if (resting) {
            begun.removeIf(first -> isOf(first, target, assignment)
                    && first.together().size() == 1
                    && lanes.contains(first.orderKey())
                    && first.wake()
                    && taken.add(takenBack(first)));
        }
        drop(taken);
    }

    private Outbound takenBack(Outbound resting) {
        lanes.takenBack(resting);
        return resting;
    }

    private static boolean isOf(Outbound first, Target target, Assignment assignment) {
        return target(first) == target && first.assignment() == assignment && first.orderKey() != null;
    }

    /** The lanes, by their order keys, whose calls in flight take long. */
    Set<String> lanesOfLongCalls(Target target, Assignment assignment) {
        Set<String> found = new HashSet<>();
        for (Outbound first : begun) {
            if (isOf(first, target, assignment) && times.isLong(first)) {
                first.together().forEach(each -> found.add(String.valueOf(each.orderKey())));
            }
        }
        return found;
    }

    /**
     * Drops the deliveries that are not in flight of an address that changed, was removed, is drained in a partition,
     * or whose app's topic Kafka refuses; their receipts are notified. Repeat until the address has nothing in memory:
     * calls in flight may come to wait for a retry later.
     */
    void retire(Target target, Assignment assignment) {
        List<Outbound> taken = new ArrayList<>(lanes.retire(target.lanes(), assignment));
        List<Outbound> resting = new ArrayList<>();
        begun.removeIf(first ->
                target(first) == target && first.assignment() == assignment && first.wake() && resting.add(first));
        resting.sort(Comparator.comparingLong(first -> first.record().offset()));
        for (Outbound first : resting) {
            lanes.takenBack(first);
            taken.addAll(first.together());
        }
        drop(taken);
    }

    /** Settled deliveries are only forgotten: they were in memory because the rest of their batch was. */
    private static void drop(List<Outbound> taken) {
        taken.stream()
                .filter(outbound -> !outbound.isSettled())
                .forEach(outbound -> outbound.receipt().unload());
    }

    /** Forgets an address that has no deliveries in memory and gets no more. */
    void forget(Target target) {
        lanes.forget(target.lanes());
        times.forget(target);
    }

    /** The addresses with slow calls. */
    SlowCalls slowCalls() {
        return times.slow(begun);
    }

    /** Stops the deliveries of ended assignments from beginning; those that wait for a retry are forgotten. */
    void withdraw(Collection<Assignment> ended) {
        lanes.withdraw(Set.copyOf(ended));
        begun.removeIf(first -> !first.assignment().isCurrent() && first.wake());
    }

    /** Cancels the calls of revoked partitions. */
    void cancelWithdrawn() {
        for (Outbound first : begun) {
            if (!first.assignment().isCurrent()) {
                first.together().forEach(outbound -> outbound.delivery().cancel());
            }
        }
    }

    /** Whether the address takes nothing, or only a probe, at present. */
    boolean isHeld(LaneAddress address) {
        return lanes.isHeld(address);
    }

    /** Whether enough deliveries are ready for the address that no more need be read now. */
    boolean hasEnough(LaneAddress address) {
        return lanes.hasEnough(address);
    }

    /** Calls to the address in flight. */
    int inFlight(LaneAddress address) {
        return lanes.running(address);
    }
}
