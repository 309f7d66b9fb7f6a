package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.Delivery;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.DeliveryWorker;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Throttle;
import io.mqttrelay.dispatch.flow.SimulatedPartition;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.dispatch.sink.Failures;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.window.AddressKey;
import java.time.Clock;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call thread begins a delivery while the consumer thread loses its partition: every call is found and cancelled. */
final class WithdrawalRaceTest {
    private static final int ROUNDS = 2_000;
    private static final int LONGEST_SPIN = 600;
    private static final long ADDING_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int PATIENCE_SECONDS = 5;
    private static final String TOPIC = "d.app";

    private final Route route = TestRoute.of("r", "app", "http://host:1/path").build();
    private final Destination destination = route.destinations().get(0);
    private final long key = AddressKey.of(route.name(), destination.id());
    private final Queue<Throwable> defects = new ConcurrentLinkedQueue<>();
    private final Queue<Call> overlooked = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Random random = new Random(11);
    private final Target target = new Target(
            key,
            destination,
            (messages, attempt) -> new Call(),
            new Throttle(Pace.FREE, System::nanoTime),
            new DeliveryMeters(new SimpleMeterRegistry(), destination),
            new AddressLog("callback", System::nanoTime));
    private final SlowSet begun = new SlowSet();
    private final DeliveryWorker worker = new DeliveryWorker(
            new Attempts(Clock.systemUTC(), System::nanoTime),
            new Settlement((record, appId, to, letter, stored) -> stored.run(), Clock.systemUTC()),
            new DeliveryWorker.Calls(threads, 2, defects::add, System::nanoTime),
            timer,
            () -> true,
            begun);

    /** A call that ends only if it is cancelled. */
    private final class Call implements SinkCall {
        private final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public SinkResult execute() {
            try {
                if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    overlooked.add(this);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Failures.failure(null, "cancelled", null);
        }

        @Override
        public void cancel() {
            ended.countDown();
        }
    }

    /** A set that is slow to add: the code before and after an addition runs far apart. */
    private static final class SlowSet extends AbstractSet<Delivery> {
        private final Set<Delivery> all = ConcurrentHashMap.newKeySet();
        private final AtomicInteger begunToAdd = new AtomicInteger();

        @Override
        public boolean add(Delivery one) {
            begunToAdd.incrementAndGet();
            LockSupport.parkNanos(ADDING_NANOS);
            return all.add(one);
        }

        @Override
        public boolean remove(Object one) {
            return all.remove(one);
        }

        @Override
        public Iterator<Delivery> iterator() {
            return all.iterator();
        }

        @Override
        public int size() {
            return all.size();
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void endThreads() {
        timer.shutdownNow();
        threads.shutdownNow();
    }

    @Test
    void noCallOfALostPartitionGoesOn() throws InterruptedException {
        SimulatedPartition.App app = new SimulatedPartition.App(
                AppTopics.of(List.of(route), new TopicNames("d")).byTopic().get(TOPIC), 100);
        for (int round = 0; round < ROUNDS && overlooked.isEmpty(); round++) {
            SimulatedPartition partition = new SimulatedPartition(new TopicPartition(TOPIC, 0), app);
            int before = begun.begunToAdd.get();
            worker.lanes().submit(List.of(delivery(partition)));
            while (round % 2 == 0 && begun.begunToAdd.get() == before) {
                Thread.onSpinWait(); // the partition is lost just when the delivery begins
            }
            spin(random.nextInt(LONGEST_SPIN));

            partition.end();
            worker.targets().withdraw(List.of(partition.assignment()));
            worker.targets().cancelWithdrawn();
            awaitQuiet(partition);
        }
        assertThat(overlooked).as("calls that were not cancelled").isEmpty();
        assertThat(defects).isEmpty();
    }

    private Delivery delivery(SimulatedPartition partition) {
        RelayMessage message = new RelayMessage(
                "id", "app", route.name(), 0, "t", 1, false, null, null, null, null, List.of(), new byte[0]);
        ConsumerRecord<byte[], byte[]> record =
                SimulatedLog.consumed(new RecordCodec().encode(message, route.ordering(), TOPIC), 0, 0);
        OffsetState offset = partition.take(record, key);
        return new Delivery(record, offset, message, target, false);
    }

    private static void awaitQuiet(SimulatedPartition partition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * PATIENCE_SECONDS);
        while (!partition.isQuiet()) {
            assertThat(System.nanoTime()).as("the call ends").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
