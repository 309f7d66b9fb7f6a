package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.consume.AddressKey;
import io.mqttrelay.dispatch.consume.Assignment;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.consume.Reading;
import io.mqttrelay.dispatch.consume.Receipt;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.deliver.Outcome;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Verdict;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.settle.Settlement;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The whole path of a message from Kafka to its callbacks.
 *
 * <pre>
 * ConsumerLoop -> Router -> Excludes -> Lanes -> Attempts -> Outcome -> Settlement
 *      ^             |          |         ^          |                      |
 *      |             |          |         '- resume -' again, after a wait  |
 *      |             '-> dead letter (undecodable, no_route)                |
 *      '------ Receipt.done <---'------------- when durable ----------------'
 * </pre>
 *
 * <p>The only place that completes a record, and it does so only when each of its deliveries is durable: delivered,
 * excluded, or stored by Kafka as a dead letter. {@link #accept}, {@link #withdraw} and {@link #cancel} belong to the
 * consumer thread and do not block; {@link #carry} belongs to the call threads.
 */
final class DispatchPath implements ConsumerLoop.Records {
    /** How soon to look again whether the consumer is fresh. */
    private static final Duration UNTIL_FRESH = Duration.ofMillis(200);

    /** How long it may take a thread to shut the lanes of an address whose circuit breaker it has opened. */
    private static final Duration UNTIL_SHUT = Duration.ofMillis(10);

    private final Router router;
    private final Targets targets;
    private final Attempts attempts;
    private final Settlement settlement;
    private final ScheduledExecutorService timer;
    private final BooleanSupplier fresh;
    private final Consumer<Throwable> onFailure;
    private final Lanes<Outbound> lanes;
    private final Holds holds;

    /** What is out or waits for its retry: what a withdrawal must find. */
    private final Set<Outbound> begun = ConcurrentHashMap.newKeySet();

    /**
     * @param calls where deliveries are carried out, blocking
     * @param timer where waits pass; must not be shut down before the consumer has given its partitions away
     * @param fresh false: the partitions may be another dispatcher's by now
     */
    DispatchPath(
            RecordCodec codec,
            Targets targets,
            Attempts attempts,
            Settlement settlement,
            Calls calls,
            ScheduledExecutorService timer,
            BooleanSupplier fresh) {
        this.router = new Router(codec, targets);
        this.targets = targets;
        this.attempts = attempts;
        this.settlement = settlement;
        this.timer = timer;
        this.fresh = fresh;
        this.onFailure = calls.onFailure();
        this.lanes =
                new Lanes<>(calls.limit(), outbound -> calls.threads().execute(() -> carry(outbound)), this::wakeAfter);
        this.holds = new Holds(lanes, timer);
        targets.all().stream()
                .filter(route -> route.route().enabled())
                .forEach(route -> route.targets().forEach(target -> lanes.expect(target.lanes())));
    }

    /**
     * The threads that carry deliveries out.
     *
     * @param limit how many may be out at once
     * @param onFailure told of a defect that must end the process
     */
    record Calls(Executor threads, int limit, Consumer<Throwable> onFailure) {}

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record, Reading reading) {
        router.route(record, reading.assignment().appId(), new Router.Cases() {
            @Override
            public void deliver(RelayMessage message, Collection<Target> to) {
                to.forEach(target -> submit(record, reading, message, target, false));
            }

            @Override
            public void deliverAgain(RelayMessage message, Target to) {
                submit(record, reading, message, to, true);
            }

            @Override
            public void exclude(Collection<Target> from) {
                DispatchPath.exclude(reading, from);
            }

            @Override
            public void dead(DeadReason reason, @Nullable Address address, String error) {
                bury(record, reading, address, new Outcome.Dead(reason, 0, null, error));
            }
        });
    }

    private static void exclude(Reading reading, Collection<Target> from) {
        for (Target target : from) {
            Receipt receipt = reading.take(target.key());
            if (receipt != null) {
                target.meters().excluded();
                receipt.done();
            }
        }
    }

    private void submit(
            ConsumerRecord<byte[], byte[]> record,
            Reading reading,
            RelayMessage message,
            Target target,
            boolean later) {
        Receipt receipt = reading.take(target.key());
        if (receipt != null) {
            Delivery delivery = new Delivery(message, target, receipt.attempts());
            String orderKey = orderKey(target.route().ordering(), message);
            lanes.submit(new Outbound(delivery, record, receipt, orderKey, later));
        }
    }

    private static @Nullable String orderKey(Ordering ordering, RelayMessage message) {
        return switch (ordering) {
            case TOPIC -> message.topic();
            case APP -> "";
            case NONE -> null;
        };
    }

    private void bury(
            ConsumerRecord<byte[], byte[]> record, Reading reading, @Nullable Address address, Outcome outcome) {
        Receipt receipt = reading.take(AddressKey.NOBODY);
        if (receipt != null) {
            settlement.settle(record, reading.assignment().appId(), address, outcome, receipt::done);
        }
    }

    private void wakeAfter(LaneAddress address, long nanos) {
        holds.after(Duration.ofNanos(nanos), () -> lanes.wake(address));
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

    private Optional<Outbound> turn(Outbound outbound) {
        begun.add(outbound); // before it begins, so that whoever takes the partition away finds it
        if (!outbound.assignment().begin()) {
            begun.remove(outbound);
            holds.nothingWasSent(outbound.delivery().target());
            return lanes.ended(outbound);
        }
        if (!fresh.getAsBoolean()) {
            holds.nothingWasSent(outbound.delivery().target());
            return rest(outbound, UNTIL_FRESH);
        }
        return attempts.attempt(outbound.delivery(), holds).match(new Verdict.Cases<Optional<Outbound>>() {
            @Override
            public Optional<Outbound> ended(Verdict.Ended ended) {
                holds.nothingWasSent(outbound.delivery().target()); // where it had expired
                return settle(outbound, ended.outcome());
            }

            @Override
            public Optional<Outbound> again(Verdict.Again again) {
                outbound.receipt().attempted(outbound.delivery().attempts());
                return rest(outbound, again.delay());
            }

            @Override
            public Optional<Outbound> withdrawn(Verdict.Withdrawn withdrawn) {
                begun.remove(outbound);
                outbound.assignment().pause();
                holds.nothingWasSent(outbound.delivery().target());
                return lanes.ended(outbound);
            }

            @Override
            public Optional<Outbound> notNow(Verdict.NotNow notNow) {
                return rest(outbound, UNTIL_SHUT);
            }
        });
    }

    private Optional<Outbound> settle(Outbound outbound, Outcome outcome) {
        begun.remove(outbound);
        outbound.receipt().attempted(outbound.delivery().attempts());
        Target target = outbound.delivery().target();
        settlement.settle(outbound.record(), target.route().appId(), target.address(), outcome, () -> {
            outbound.receipt().done();
            outbound.assignment().pause();
        });
        return lanes.ended(outbound);
    }

    private Optional<Outbound> rest(Outbound outbound, Duration wait) {
        Optional<Outbound> next = lanes.rest(outbound);
        if (outbound.assignment().isCurrent()) {
            outbound.waitsFor(timer.schedule(() -> resume(outbound), wait.toMillis(), TimeUnit.MILLISECONDS));
        } else {
            begun.remove(outbound);
        }
        outbound.assignment().pause();
        return next;
    }

    private void resume(Outbound outbound) {
        begun.remove(outbound);
        lanes.resume(outbound);
    }

    @Override
    public void unload(Assignment assignment, long address) {
        Target target = targets.of(address);
        if (target != null) {
            lanes.unload(target.lanes(), assignment)
                    .forEach(outbound -> outbound.receipt().unload());
        }
    }

    @Override
    public boolean takes(long address) {
        Target target = targets.of(address);
        return target == null || !lanes.isHeld(target.lanes());
    }

    @Override
    public void withdraw(Collection<Assignment> ended) {
        ended.forEach(lanes::withdraw);
        begun.removeIf(outbound -> !outbound.assignment().isCurrent() && outbound.wakeNoMore());
    }

    @Override
    public void cancel(Collection<Assignment> ended) {
        for (Outbound outbound : begun) {
            if (!outbound.assignment().isCurrent()) {
                outbound.delivery().cancel();
            }
        }
    }

    /** Calls to the target's address that are out now. */
    int inFlight(Target target) {
        return lanes.running(target.lanes());
    }
}
