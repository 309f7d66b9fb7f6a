package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.Targets.RouteTargets;
import io.mqttrelay.dispatch.consume.AddressKey;
import io.mqttrelay.dispatch.consume.ConsumedApp;
import io.mqttrelay.dispatch.consume.SimulatedPartition;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.testkit.time.ManualClock;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher without Kafka, HTTP and time: a seed decides who runs next, what the callbacks answer, when partitions go
 * and come back, and when the process dies. One seed is one schedule, exactly.
 */
final class DispatchSimulation implements AutoCloseable {
    private static final List<Ordering> ORDERINGS = List.of(Ordering.values());
    private static final int PARTITIONS = 2;
    private static final int MESSAGES = 40;
    private static final int CHAOS_STEPS = 600;
    private static final int MOST_STEPS = 60_000;

    private record Logged(ConsumerRecord<byte[], byte[]> record, String id, List<String> addresses) {}

    private final Random random;
    private final Coroutines coroutines = new Coroutines();
    private final ManualClock clock = ManualClock.create();
    private final int[] epochs = new int[PARTITIONS];
    private final SimulatedCallbacks callbacks;
    private final List<Route> routes = new ArrayList<>();
    private final List<List<Logged>> log = new ArrayList<>();
    private final OffsetAndMetadata[] committed = new OffsetAndMetadata[PARTITIONS];
    private final List<Runnable> unstored = new ArrayList<>();
    private int life;

    // one life of the process
    private ManualScheduler timer = new ManualScheduler(clock);
    private DispatchPath path;
    private @Nullable Throwable defect;
    private boolean fresh = true;

    // one assignment
    private final SimulatedPartition[] assigned = new SimulatedPartition[PARTITIONS];
    private final int[] next = new int[PARTITIONS];

    DispatchSimulation(long seed) {
        random = new Random(seed);
        callbacks = new SimulatedCallbacks(random, coroutines, epochs);
        routes.add(route("r1", "http://one", "http://two"));
        routes.add(route("r2", "http://three"));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            log.add(new ArrayList<>());
            committed[partition] = new OffsetAndMetadata(0);
        }
        fillLog();
        path = start();
    }

    private Route route(String name, String... addresses) {
        TestRoute route = TestRoute.of(name, "app", addresses);
        if (random.nextBoolean()) {
            route.breaker(1 + random.nextInt(100), 1 + random.nextInt(5), Duration.ofMillis(1 + random.nextInt(3000)));
        }
        return route.ordering(ORDERINGS.get(random.nextInt(ORDERINGS.size())))
                .retry(random.nextInt(4))
                .maxInFlight(1 + random.nextInt(4))
                .excluding("excluded/#")
                .backoff(Duration.ofMillis(1 + random.nextInt(500)), 2, Duration.ofSeconds(2), 0)
                .build();
    }

    private ConsumedApp app() {
        List<Long> addresses = new ArrayList<>();
        for (Route route : routes) {
            route.addresses().forEach(address -> addresses.add(AddressKey.of(route.name(), address.id())));
        }
        return new ConsumedApp("app", addresses);
    }

    private void fillLog() {
        RecordCodec codec = new RecordCodec();
        long[] offsets = new long[PARTITIONS];
        for (int i = 0; i < MESSAGES; i++) {
            Route route = routes.get(random.nextInt(routes.size()));
            int key = random.nextInt(5);
            String topic = random.nextInt(10) == 0 ? "excluded/" + key : "t/" + key;
            int partition = route.ordering() == Ordering.APP ? 0 : key % PARTITIONS;
            boolean poison = random.nextInt(20) == 0;
            RelayMessage message = message("m" + i, route.name(), topic);
            ProducerRecord<byte[], byte[]> encoded = codec.encode(message, route.ordering(), "d.app");
            if (poison) {
                encoded.headers().remove("mqtt-qos");
            }
            offsets[partition] += 1 + random.nextInt(3);
            boolean nowhere = poison || topic.startsWith("excluded");
            List<String> addresses = nowhere
                    ? List.of()
                    : route.addresses().stream().map(Address::id).toList();
            log.get(partition)
                    .add(new Logged(consumed(encoded, partition, offsets[partition]), message.id(), addresses));
            for (String address : addresses) {
                callbacks.expect(address, message.id(), partition, sequence(route, topic));
            }
        }
    }

    private static @Nullable String sequence(Route route, String topic) {
        return switch (route.ordering()) {
            case TOPIC -> topic;
            case APP -> route.name();
            case NONE -> null;
        };
    }

    private static RelayMessage message(String id, String route, String topic) {
        return new RelayMessage(
                id,
                "app",
                route,
                0,
                topic,
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                id.getBytes(StandardCharsets.UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            ProducerRecord<byte[], byte[]> record, int partition, long offset) {
        return new ConsumerRecord<>(
                record.topic(),
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                record.key().length,
                record.value().length,
                record.key(),
                record.value(),
                record.headers(),
                java.util.Optional.empty());
    }

    private DispatchPath start() {
        timer = new ManualScheduler(clock);
        fresh = true;
        List<RouteTargets> targets = new ArrayList<>();
        for (Route route : routes) {
            List<Target> addresses = new ArrayList<>();
            for (Address address : route.addresses()) {
                addresses.add(new Target(
                        route,
                        address,
                        callbacks.sink(address.id(), route.maxInFlight()),
                        new LaneAddress(route.maxInFlight()),
                        new DeliveryMeters(new SimpleMeterRegistry(), "app", address),
                        new AddressLog("simulated", clock.nanoTime())));
            }
            targets.add(RouteTargets.of(route, addresses));
        }
        int born = life;
        Settlement settlement = new Settlement(
                (record, appId, address, letter, stored) -> {
                    if (born == life) {
                        if (address != null) {
                            callbacks.condemned(address.id(), new String(record.value(), StandardCharsets.UTF_8));
                        }
                        unstored.add(() -> {
                            if (address != null) {
                                callbacks.buried(address.id(), new String(record.value(), StandardCharsets.UTF_8));
                            }
                            stored.run();
                        });
                    }
                },
                clock);
        return new DispatchPath(
                new RecordCodec(),
                new Targets(targets),
                new Attempts(clock, clock.nanoTime()),
                settlement,
                new DispatchPath.Calls(coroutines, 1 + random.nextInt(6), this::defect),
                timer,
                () -> fresh);
    }

    private void defect(Throwable e) {
        if (!(e instanceof SimulatedCallbacks.Crash)) {
            defect = e;
        }
    }

    /** Runs the schedule to its end: chaos, then peace, in which everything must end. */
    void run() {
        for (int step = 0; step < CHAOS_STEPS; step++) {
            chaos(random.nextInt(1000));
        }
        callbacks.heal();
        fresh = true;
        for (int step = 0; !allCommitted(); step++) {
            if (step > MOST_STEPS) {
                throw new AssertionError("it does not end: " + describe());
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (assigned[partition] == null) {
                    assign(partition);
                }
            }
            if (!work(random.nextInt(70))) {
                throw new AssertionError("nothing moves any more: " + describe());
            }
        }
        checkEnd();
    }

    private void chaos(int dice) {
        int partition = random.nextInt(PARTITIONS);
        if (dice < 8) {
            crash();
        } else if (dice < 30) {
            revoke(partition);
        } else if (dice < 36) {
            lose(partition);
        } else if (dice < 42) {
            fresh = !fresh;
        } else if (assigned[partition] == null) {
            assign(partition);
        } else {
            work(random.nextInt(70));
        }
    }

    /** One thing that happens anyway; false: there is nothing left to happen. */
    private boolean work(int dice) {
        for (int tries = 0; tries < 5; tries++) {
            boolean worked = switch ((dice / 14 + tries) % 5) {
                case 0 -> beginCarrying();
                case 1 -> answerCall();
                case 2 -> poll();
                case 3 -> storeDeadLetter();
                default -> letTimePass();
            };
            commit();
            checkDefect();
            if (worked) {
                return true;
            }
        }
        return false;
    }

    private boolean beginCarrying() {
        List<Coroutines.Coroutine> ready = coroutines.ready();
        if (ready.isEmpty()) {
            return false;
        }
        coroutines.resume(ready.get(random.nextInt(ready.size())));
        return true;
    }

    private boolean answerCall() {
        if (callbacks.out().isEmpty()) {
            return false;
        }
        callbacks.out().get(random.nextInt(callbacks.out().size())).goOn();
        return true;
    }

    private boolean poll() {
        int partition = random.nextInt(PARTITIONS);
        for (int tries = 0; tries < PARTITIONS; tries++, partition = (partition + 1) % PARTITIONS) {
            if (assigned[partition] != null
                    && next[partition] < log.get(partition).size()) {
                Logged logged = log.get(partition).get(next[partition]++);
                path.accept(
                        logged.record(),
                        assigned[partition].received(logged.record().offset()));
                return true;
            }
        }
        return false;
    }

    private boolean storeDeadLetter() {
        if (unstored.isEmpty()) {
            return false;
        }
        unstored.remove(random.nextInt(unstored.size())).run();
        return true;
    }

    private boolean letTimePass() {
        Duration wait = timer.untilNext();
        if (wait == null) {
            return false;
        }
        timer.advance(wait);
        return true;
    }

    private void commit() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (assigned[partition] != null) {
                commit(partition, assigned[partition]);
            }
        }
    }

    private void commit(int partition, SimulatedPartition from) {
        from.toCommit().ifPresent(stored -> commit(partition, stored));
        callbacks.stored(partition);
    }

    private void commit(int partition, OffsetAndMetadata stored) {
        long position = stored.offset();
        if (position < committed[partition].offset()) {
            throw new AssertionError("partition " + partition + " goes back to " + position);
        }
        committed[partition] = stored;
        for (Logged logged : log.get(partition)) {
            if (logged.record().offset() < position) {
                for (String address : logged.addresses()) {
                    if (!callbacks.hasEnded(address, logged.id())) {
                        throw new AssertionError("offset " + position + " passes " + logged.id() + " at " + address);
                    }
                }
            }
        }
    }

    private void assign(int partition) {
        epochs[partition]++;
        assigned[partition] =
                new SimulatedPartition(new TopicPartition("d.app", partition), app(), committed[partition]);
        next[partition] = 0;
        List<Logged> records = log.get(partition);
        while (next[partition] < records.size()
                && records.get(next[partition]).record().offset() < committed[partition].offset()) {
            next[partition]++;
        }
    }

    private void revoke(int partition) {
        SimulatedPartition given = assigned[partition];
        if (given == null) {
            return;
        }
        assigned[partition] = null;
        given.end();
        path.withdraw(List.of(given.assignment()));
        int patience = random.nextInt(60);
        while (patience-- > 0 && !given.isQuiet()) {
            work(random.nextInt(70));
        }
        if (!given.isQuiet()) {
            path.cancel(List.of(given.assignment()));
        }
        commit(partition, given);
    }

    private void lose(int partition) {
        SimulatedPartition lost = assigned[partition];
        if (lost != null) {
            assigned[partition] = null;
            lost.end();
            path.withdraw(List.of(lost.assignment()));
            path.cancel(List.of(lost.assignment()));
        }
    }

    private void crash() {
        life++;
        unstored.clear();
        timer.shutdownNow();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (assigned[partition] != null) {
                assigned[partition].end();
                assigned[partition] = null;
            }
        }
        List.copyOf(callbacks.out()).forEach(SimulatedCallbacks.Call::crash);
        while (!coroutines.ready().isEmpty()) {
            coroutines.resume(coroutines.ready().get(0));
        }
        path = start();
    }

    private void checkDefect() {
        if (defect != null) {
            throw new AssertionError("a defect: " + defect.getMessage(), defect);
        }
    }

    private boolean allCommitted() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Logged> records = log.get(partition);
            if (!records.isEmpty()
                    && committed[partition].offset()
                            <= records.get(records.size() - 1).record().offset()) {
                return false;
            }
        }
        return true;
    }

    private void checkEnd() {
        for (SimulatedPartition partition : assigned) {
            if (partition != null && partition.heldBytes() != 0) {
                throw new AssertionError("it still holds memory: " + describe());
            }
            if (partition != null && !partition.isQuiet()) {
                throw new AssertionError("a partition could never be given away in peace: " + describe());
            }
        }
    }

    private String describe() {
        return "ready " + coroutines.ready().size() + ", out " + callbacks.out().size() + ", timers "
                + timer.pending() + ", unstored " + unstored.size() + ", committed "
                + java.util.Arrays.toString(committed);
    }

    @Override
    public void close() {
        coroutines.close();
    }
}
