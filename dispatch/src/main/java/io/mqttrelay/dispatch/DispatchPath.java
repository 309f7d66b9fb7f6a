package io.mqttrelay.dispatch;

import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.deliver.DeliveryWorker;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.position.Destinations;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.route.Router;
import io.mqttrelay.dispatch.route.Routing;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.settle.Outcome;
import io.mqttrelay.dispatch.settle.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The whole path of a message from Kafka to its callbacks.
 *
 * <pre>
 * ConsumerLoop -> Router -> Excludes -> Lanes -> Attempts -> Outcome -> Settlement
 *      ^             |          |         ^          |                      |
 *      |             |          |         '- resume -' again, after a wait  |
 *      |             '-> dead letter (undecodable, no_route)                |
 *      '-- OffsetState.done <--'-------------- when durable ----------------'
 * </pre>
 *
 * <p>A record is complete only when each of its deliveries is durable: delivered, excluded, or stored by Kafka as a dead
 * letter. {@link #accept}, {@link #accepted} and {@link #destinations} belong to
 * the consumer thread and do not block. The part after the lanes belongs to the call threads ({@link DeliveryWorker}).
 */
final class DispatchPath implements ConsumerLoop.Records {
    private final RecordCodec codec;
    private final Settlement settlement;
    private final DeliveryWorker worker;

    private Router router; // of the configuration; consumer thread

    /**
     * Deliveries to submit together with others of the same read: the lanes' lock for each alone would cost more than
     * the rest.
     */
    private final List<Delivery> accepted = new ArrayList<>();

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
            DeliveryWorker.Calls calls,
            ScheduledExecutorService timer,
            BooleanSupplier fresh) {
        this.codec = codec;
        this.router = new Router(codec, targets);
        this.settlement = settlement;
        this.worker = new DeliveryWorker(attempts, settlement, calls, timer, fresh, ConcurrentHashMap.newKeySet());
        worker.targets().change(targets.targets(), targets.served());
    }

    /**
     * Applies another configuration to the following records. Deliveries in memory of a changed or removed address keep
     * the old settings, until {@link Destinations#switchOver}.
     */
    @CalledOn("dispatch-consumer")
    void change(Targets next) {
        router = new Router(codec, next);
        worker.targets().change(next.targets(), next.served());
    }

    @Override
    public Destinations destinations() {
        return worker.targets();
    }

    /** The lanes of all addresses. Any thread. */
    Lanes<Delivery> lanes() {
        return worker.lanes();
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
        Routing routing = router.route(record, context.assignment().appId());
        if (routing instanceof Routing.Deliver deliver) {
            for (Target target : deliver.to()) {
                submit(record, context, deliver.message(), target, deliver.isReplay());
            }
        } else if (routing instanceof Routing.Excluded excluded) {
            exclude(context, excluded);
        } else if (routing instanceof Routing.Unroutable unroutable) {
            bury(record, context, unroutable);
        } else {
            throw new IllegalStateException("a record that is not handled would be lost: " + routing);
        }
    }

    private static void exclude(RecordContext context, Routing.Excluded excluded) {
        for (Target target : excluded.from()) {
            OffsetState offset = context.take(target.key(), excluded.message().topic());
            if (offset != null) {
                target.meters().excluded();
                offset.done();
            }
        }
    }

    private void submit(
            ConsumerRecord<byte[], byte[]> record,
            RecordContext context,
            RelayMessage message,
            Target target,
            boolean replay) {
        // if the ordering of a route changes, a blocked lane stays blocked until it is delivered
        OffsetState offset = context.take(target.key(), message.topic());
        if (offset != null) {
            accepted.add(new Delivery(record, offset, message, target, replay));
        }
    }

    @Override
    public void accepted() {
        if (!accepted.isEmpty()) {
            try {
                worker.lanes().submit(accepted);
            } finally {
                accepted.clear();
            }
        }
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, RecordContext context, Routing.Unroutable unroutable) {
        OffsetState offset = context.takeUnroutable();
        if (offset != null) {
            Outcome outcome = new Outcome.Dead(unroutable.reason(), 0, null, unroutable.error());
            settlement.settle(record, context.assignment().appId(), unroutable.address(), outcome, offset::done);
        }
    }
}
