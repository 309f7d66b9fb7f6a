package io.mqttrelay.dispatch;

import io.mqttrelay.dispatch.consume.Assignment;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.deliver.Outcome;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Verdict;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.settle.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The half of {@link DispatchPath} that belongs to the call threads: takes deliveries out of their lanes, one or a batch in
 * a call, until each is durable or rests. {@link #withdraw} and {@link #cancelWithdrawn} belong to the consumer thread.
 */
final class Carrier {
    /** How soon to look again whether the consumer is fresh. */
    private static final Duration UNTIL_FRESH = Duration.ofMillis(200);

    /** How long it may take a thread to shut the lanes of an address whose circuit breaker it has opened. */
    private static final Duration UNTIL_SHUT = Duration.ofMillis(10);

    private final Attempts attempts;
    private final Settlement settlement;
    private final ScheduledExecutorService timer;
    private final BooleanSupplier fresh;
    private final Consumer<Throwable> onFailure;
    private final Lanes<Outbound> lanes;
    private final Holds holds;

    /** What is out or waits for its retry, of a batch the first: what a withdrawal must find. */
    private final Set<Outbound> begun = ConcurrentHashMap.newKeySet();

    /**
     * @param calls where deliveries are carried out, blocking
     * @param timer where waits pass; must not be shut down before the consumer has given its partitions away
     * @param fresh false: the partitions may be another dispatcher's by now
     */
    Carrier(
            Attempts attempts,
            Settlement settlement,
            DispatchPath.Calls calls,
            ScheduledExecutorService timer,
            BooleanSupplier fresh) {
        this.attempts = attempts;
        this.settlement = settlement;
        this.timer = timer;
        this.fresh = fresh;
        this.onFailure = calls.onFailure();
        this.lanes =
                new Lanes<>(calls.limit(), outbound -> calls.threads().execute(() -> carry(outbound)), this::after);
        this.holds = new Holds(lanes, timer);
    }

    private void after(long nanos, Runnable task) {
        holds.after(Duration.ofNanos(nanos), task);
    }

    /** Keeps places for an address that may get deliveries. */
    void expect(LaneAddress address) {
        lanes.expect(address);
    }

    /** How many calls may be out at once from now on, at most the limit. */
    void allow(int calls) {
        lanes.allow(calls);
    }

    Lanes.Traffic traffic() {
        return lanes.traffic();
    }

    void submit(List<Outbound> outbounds) {
        lanes.submit(outbounds);
    }

    /** Carries a delivery out, and then whatever the lanes have next. */
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

    /** @param first of those that go out in one call */
    private Optional<Outbound> turn(Outbound first) {
        List<Outbound> all = first.toSend();
        begun.add(first); // before it begins, so that whoever takes the partition away finds it
        if (!first.assignment().begin(all.size())) { // all of a batch are of one partition
            return nothingToSend(first);
        }
        if (!fresh.getAsBoolean()) {
            holds.nothingWasSent(target(first));
            return rest(first, all, UNTIL_FRESH);
        }
        all.forEach(each -> attempts.overBefore(each.delivery()).ifPresent(outcome -> settle(each, outcome)));
        List<Outbound> batch = first.toSend();
        return batch.isEmpty() ? nothingToSend(first) : attempt(first, batch);
    }

    private Optional<Outbound> attempt(Outbound first, List<Outbound> batch) {
        List<Delivery> deliveries = batch.size() == 1
                ? List.of(batch.get(0).delivery()) // which need not be the first: that may have expired
                : batch.stream().map(Outbound::delivery).toList();
        return attempts.attempt(deliveries, holds).match(new Verdict.Cases<Optional<Outbound>>() {
            @Override
            public Optional<Outbound> ended(Verdict.Ended ended) {
                batch.forEach(each -> settle(each, ended.outcome()));
                begun.remove(first);
                return lanes.ended(first);
            }

            @Override
            public Optional<Outbound> again(Verdict.Again again) {
                batch.forEach(each -> each.receipt().attempted(each.delivery().attempts()));
                return rest(first, batch, again.delay());
            }

            @Override
            public Optional<Outbound> apart(Verdict.Apart apart) {
                begun.remove(first);
                pause(batch);
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

    private static void pause(List<Outbound> batch) {
        batch.forEach(each -> each.assignment().pause());
    }

    private static Target target(Outbound outbound) {
        return outbound.delivery().target();
    }

    private Optional<Outbound> nothingToSend(Outbound first) {
        begun.remove(first);
        holds.nothingWasSent(target(first));
        return lanes.ended(first);
    }

    private void settle(Outbound outbound, Outcome outcome) {
        outbound.isOver();
        outbound.receipt().attempted(outbound.delivery().attempts());
        Target target = target(outbound);
        settlement.settle(outbound.record(), target.route().appId(), target.address(), outcome, () -> {
            outbound.receipt().done();
            outbound.assignment().pause();
        });
    }

    private Optional<Outbound> rest(Outbound first, List<Outbound> batch, Duration wait) {
        Optional<Outbound> next = lanes.rest(first);
        if (first.assignment().isCurrent()) {
            first.rests();
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
            lanes.resume(first);
        }
    }

    /** Drops what of an address has not begun; its receipts learn it. */
    void unload(LaneAddress address, Assignment assignment) {
        drop(lanes.unload(address, assignment));
    }

    /**
     * Drops what of an address that changed, or went, is not out; its receipts learn it. To be repeated until nothing of the
     * address is in memory: what is out may rest after it.
     */
    void retire(Target target, Assignment assignment) {
        List<Outbound> taken = new ArrayList<>(lanes.retire(target.lanes(), assignment));
        begun.removeIf(first -> target(first) == target
                && first.assignment() == assignment
                && first.wake()
                && taken.addAll(first.together()));
        drop(taken);
    }

    /** What of them is settled already is only forgotten: it was in memory because the rest of its batch was. */
    private static void drop(List<Outbound> taken) {
        taken.stream()
                .filter(outbound -> !outbound.isSettled())
                .forEach(outbound -> outbound.receipt().unload());
    }

    /** Keeps no place any more for an address of which nothing is in memory, and to which nothing is submitted any more. */
    void forget(LaneAddress address) {
        lanes.forget(address);
    }

    /** Nothing more of these partitions begins; what waits for its retry waits no more. */
    void withdraw(Collection<Assignment> ended) {
        ended.forEach(lanes::withdraw);
        begun.removeIf(first -> !first.assignment().isCurrent() && first.wake());
    }

    /** Ends the calls of partitions that were taken away. */
    void cancelWithdrawn() {
        for (Outbound first : begun) {
            if (!first.assignment().isCurrent()) {
                first.together().forEach(outbound -> outbound.delivery().cancel());
            }
        }
    }

    /** Whether the address takes nothing, or nothing but a probe, at present. */
    boolean isHeld(LaneAddress address) {
        return lanes.isHeld(address);
    }

    /** Whether so much could go out to the address that there is no hurry for more. */
    boolean hasEnough(LaneAddress address) {
        return lanes.hasEnough(address);
    }

    /** Calls to the address that are out now. */
    int inFlight(LaneAddress address) {
        return lanes.running(address);
    }
}
