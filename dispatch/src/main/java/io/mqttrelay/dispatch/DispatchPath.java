package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.consume.SlowCalls;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.limit.ConcurrencyLimiter;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Reading;
import io.mqttrelay.dispatch.position.Receipt;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.route.Router;
import io.mqttrelay.dispatch.route.Routing;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.settle.Settlement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
 * excluded, or stored by Kafka as a dead letter. {@link #accept}, {@link #accepted}, {@link #withdraw} and
 * {@link #cancel} belong to the consumer thread and do not block. The part after the lanes belongs to the call threads
 * ({@link Carrier}).
 */
final class DispatchPath implements ConsumerLoop.Records, ConcurrencyLimiter.Calls {
    private final RecordCodec codec;
    private final Settlement settlement;
    private final Carrier carrier;

    // of the configuration; consumer thread
    private Targets targets;
    private Router router;
    /** By key: replaced or removed addresses that may still have deliveries in memory or in flight. */
    private final Map<Long, Target> retired = new HashMap<>();

    /**
     * Deliveries to submit together with others of the same read: the lanes' lock for each alone would cost more than
     * the rest.
     */
    private final List<Outbound> accepted = new ArrayList<>();

    /**
     * @param calls the threads that make the calls, blocking
     * @param timer for waits; must not be shut down before the consumer has given its partitions away
     * @param fresh false: another dispatcher may own the partitions by now
     */
    DispatchPath(
            RecordCodec codec,
            Targets targets,
            Attempts attempts,
            Settlement settlement,
            Calls calls,
            ScheduledExecutorService timer,
            BooleanSupplier fresh) {
        this.codec = codec;
        this.router = new Router(codec, targets);
        this.targets = targets;
        this.settlement = settlement;
        this.carrier = new Carrier(attempts, settlement, calls, timer, fresh, ConcurrentHashMap.newKeySet());
        targets.served().forEach(target -> carrier.expect(target.lanes()));
    }

    /**
     * Applies another configuration to the following records. Deliveries in memory of a changed or removed address keep
     * the old settings, until it is {@link #retired}.
     */
    @CalledOn("dispatch-consumer")
    void change(Targets next) {
        for (Target before : targets.targets()) {
            if (next.of(before.key()) != before && retired.putIfAbsent(before.key(), before) != null) {
                carrier.forget(before); // it was never served: an older version of it still has calls in flight
            }
        }
        targets = next;
        router = new Router(codec, next);
        next.served().forEach(target -> carrier.expect(target.lanes()));
    }

    /**
     * The threads that make the calls.
     *
     * @param limit calls that may be in flight at once
     * @param onFailure told of a defect that must end the process
     * @param nanoTime a monotonic clock, nanoseconds, for how long calls take
     */
    record Calls(Executor threads, int limit, Consumer<Throwable> onFailure, LongSupplier nanoTime) {}

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record, Reading reading) {
        Routing routing = router.route(record, reading.assignment().appId());
        if (routing instanceof Routing.Deliver deliver) {
            for (Target target : deliver.to()) {
                submit(record, reading, deliver.message(), target, deliver.isReplay());
            }
        } else if (routing instanceof Routing.Excluded excluded) {
            exclude(reading, excluded);
        } else if (routing instanceof Routing.Unroutable unroutable) {
            bury(record, reading, unroutable);
        } else {
            throw new IllegalStateException("a record that is not handled would be lost: " + routing);
        }
    }

    private static void exclude(Reading reading, Routing.Excluded excluded) {
        for (Target target : excluded.from()) {
            Receipt receipt = reading.take(target.key(), excluded.message().topic());
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
        // if the ordering of a route changes, a blocked lane stays blocked until it is delivered
        Receipt receipt = reading.take(target.key(), message.topic());
        if (receipt != null) {
            Tried tried = receipt.tried();
            Delivery delivery = new Delivery(message, target, tried.attempts(), tried.firstFailure(), later);
            String orderKey = orderKey(target.destination().owner().ordering(), message);
            accepted.add(new Outbound(delivery, record, receipt, orderKey, later));
        }
    }

    @Override
    public void accepted() {
        if (!accepted.isEmpty()) {
            try {
                carrier.submit(accepted);
            } finally {
                accepted.clear();
            }
        }
    }

    private static @Nullable String orderKey(Ordering ordering, RelayMessage message) {
        return switch (ordering) {
            case TOPIC -> message.topic();
            case APP -> "";
            case NONE -> null;
        };
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, Reading reading, Routing.Unroutable unroutable) {
        Receipt receipt = reading.takeUnroutable();
        if (receipt != null) {
            Outcome outcome = new Outcome.Dead(unroutable.reason(), 0, null, unroutable.error());
            settlement.settle(record, reading.assignment().appId(), unroutable.address(), outcome, receipt::done);
        }
    }

    @Override
    public void unload(Assignment assignment, long address) {
        Target target = targets.of(address);
        if (target != null) {
            carrier.unload(target.lanes(), assignment);
        }
    }

    @Override
    public Set<String> lanesOfLongCalls(Assignment assignment, long address) {
        Target target = targets.of(address);
        return target == null ? Set.of() : carrier.lanesOfLongCalls(target, assignment);
    }

    @Override
    public void unloadLanes(Assignment assignment, long address, Set<String> lanes, boolean resting) {
        Target target = targets.of(address);
        if (target != null) {
            carrier.unloadLanes(target, assignment, lanes, resting);
        }
    }

    @Override
    public void retire(Assignment assignment, long address) {
        Target replaced = retired.get(address);
        Target target = replaced == null ? targets.of(address) : replaced; // an app that is left keeps its targets
        if (target != null) {
            carrier.retire(target, assignment);
        }
    }

    @Override
    public boolean isOut(long address) {
        Target target = retired.get(address);
        return target != null && carrier.inFlight(target.lanes()) > 0;
    }

    @Override
    public void retired(long address) {
        Target target = retired.remove(address);
        if (target != null) {
            carrier.forget(target);
        }
    }

    @Override
    public void retiredBut(Set<Long> addresses) {
        Set<Long> left = new HashSet<>(retired.keySet());
        left.removeAll(addresses);
        left.forEach(this::retired);
    }

    @Override
    public boolean takes(long address) {
        Target target = targets.of(address);
        return target == null || !carrier.isHeld(target.lanes());
    }

    @Override
    public boolean hasEnough(long address) {
        Target target = targets.of(address);
        return target != null && carrier.hasEnough(target.lanes());
    }

    @Override
    public void withdraw(Collection<Assignment> ended) {
        carrier.withdraw(ended);
    }

    @Override
    public void cancel(Collection<Assignment> ended) {
        carrier.cancelWithdrawn();
    }

    @Override
    public SlowCalls slowCalls() {
        return carrier.slowCalls();
    }

    @Override
    public void drain(Assignment assignment, long address) {
        Target target = targets.of(address);
        if (target != null) {
            carrier.retire(target, assignment);
        }
    }

    @Override
    public void allow(int calls) {
        carrier.allow(calls);
    }

    @Override
    public Lanes.Traffic traffic() {
        return carrier.traffic();
    }

    /** Calls to the target's address in flight. */
    int inFlight(Target target) {
        return carrier.inFlight(target.lanes());
    }
}
