package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.dispatch.SimulatedLog.Logged;
import io.mqttrelay.dispatch.consume.AddressKey;
import io.mqttrelay.dispatch.consume.SimulatedPartition;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Two dispatchers without Kafka, HTTP and time: a seed decides who runs next, what the callbacks answer, which of them is
 * down, when partitions go and come back, when a process dies, comes back with another configuration or goes over to one
 * while it runs, and what retention deletes. One seed is one schedule, exactly.
 */
final class DispatchSimulation implements AutoCloseable {
    private static final List<Ordering> ORDERINGS = List.of(Ordering.values());
    private static final int PARTITIONS = SimulatedLog.PARTITIONS;
    private static final int DISPATCHERS = 2;
    private static final int CHAOS_STEPS = 800;
    private static final int NEVER_GIVES_UP = 1_000_000;
    private static final int MOST_STEPS = 60_000;
    private static final String ONE = "http://one";
    private static final String TWO = "http://two";
    private static final String THREE = "http://three";

    private final Random random;
    private final Coroutines coroutines = new Coroutines();
    private final ManualClock clock = ManualClock.create();
    private final int[] epochs = new int[PARTITIONS];
    private final SimulatedCallbacks callbacks;
    private final List<Route> routes;
    private final SimulatedLog log;
    private final OffsetAndMetadata[] committed = new OffsetAndMetadata[PARTITIONS];
    private final SimulatedDispatcher[] dispatchers = new SimulatedDispatcher[DISPATCHERS];
    private final Map<Long, Long> lost = new HashMap<>();
    private final boolean retention;

    DispatchSimulation(long seed) {
        random = new Random(seed);
        callbacks = new SimulatedCallbacks(random, coroutines, epochs);
        routes = List.of(route("r1", ONE, TWO).build(), route("r2", THREE).build());
        log = new SimulatedLog(random, routes, callbacks);
        retention = random.nextInt(4) == 0;
        Arrays.setAll(dispatchers, number -> start(number, routes));
        Arrays.setAll(committed, this::firstPosition);
    }

    private TestRoute route(String name, String... addresses) {
        TestRoute route = TestRoute.of(name, "app", addresses);
        if (random.nextBoolean()) {
            route.breaker(1 + random.nextInt(100), 1 + random.nextInt(5), Duration.ofMillis(1 + random.nextInt(3000)));
        }
        if (random.nextInt(3) == 0) {
            route.batch(1 + random.nextInt(5), 1 + random.nextInt(20), Duration.ofMillis(random.nextInt(3) * 20L));
        }
        return route.ordering(ORDERINGS.get(random.nextInt(ORDERINGS.size())))
                .retry(random.nextInt(3) == 0 ? NEVER_GIVES_UP : random.nextInt(4))
                .maxInFlight(1 + random.nextInt(4))
                .excluding("excluded/#")
                .backoff(Duration.ofMillis(1 + random.nextInt(500)), 2, Duration.ofSeconds(2), 0);
    }

    private SimulatedDispatcher start(int number, List<Route> configured) {
        return new SimulatedDispatcher(number, configured, random, clock, coroutines, callbacks);
    }

    /** What a dispatcher that knows all addresses stores before anything is delivered. */
    private OffsetAndMetadata firstPosition(int partition) {
        OffsetAndMetadata nothing = new OffsetAndMetadata(0);
        return simulated(dispatchers[0], partition, nothing).toCommit().orElse(nothing);
    }

    private static SimulatedPartition simulated(SimulatedDispatcher owner, int partition, OffsetAndMetadata stored) {
        return new SimulatedPartition(new TopicPartition("d.app", partition), owner.app, stored, owner.path);
    }

    /** Another configuration: without one of the addresses, or with a route switched off. */
    private List<Route> changed() {
        Route first = routes.get(0);
        Route second = routes.get(1);
        // a cursor that nobody knows ends where retention passes it: not both in one schedule
        return switch (retention ? 2 : random.nextInt(3)) {
            case 0 -> List.of(with(first, ONE), second);
            case 1 -> List.of(with(first, TWO), second);
            default -> List.of(first, disabled(second));
        };
    }

    private static Route with(Route route, String address) {
        return TestRoute.like(route, address).build();
    }

    private static Route disabled(Route route) {
        String[] addresses = route.addresses().stream().map(Address::id).toArray(String[]::new);
        return TestRoute.like(route, addresses).disabled().build();
    }

    /** Runs the schedule to its end: chaos; then one address may stay down, and the others must end; then peace. */
    void run() {
        for (int step = 0; step < CHAOS_STEPS; step++) {
            chaos(random.nextInt(1000));
        }
        for (SimulatedDispatcher dispatcher : dispatchers) {
            if (random.nextBoolean()) {
                crash(dispatcher.number, routes);
            } else {
                dispatcher.fresh = true;
                reload(dispatcher, routes);
            }
        }
        String down = List.of(ONE, TWO, THREE).get(random.nextInt(3));
        callbacks.healAllBut(down);
        until(() -> everybodyHasAllBut(down), "the others wait for " + down);
        callbacks.heal();
        until(this::allCommitted, "it does not end");
        checkEnd();
    }

    private void until(java.util.function.BooleanSupplier reached, String otherwise) {
        for (int step = 0; !reached.getAsBoolean(); step++) {
            if (step > MOST_STEPS) {
                throw new AssertionError(otherwise + ": " + describe());
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (owner(partition) == null) {
                    assign(partition);
                }
            }
            if (!work(random.nextInt(84)) && !reached.getAsBoolean()) {
                throw new AssertionError(otherwise + ", and nothing moves: " + describe());
            }
        }
    }

    private void chaos(int dice) {
        int partition = random.nextInt(PARTITIONS);
        SimulatedDispatcher any = dispatchers[random.nextInt(DISPATCHERS)];
        if (dice < 8) {
            crash(any.number, random.nextInt(3) == 0 ? changed() : routes);
        } else if (dice < 26) {
            revoke(partition);
        } else if (dice < 30) {
            lose(partition);
        } else if (dice < 36) {
            any.fresh = !any.fresh;
        } else if (dice < 40) {
            reload(any, random.nextInt(3) == 0 ? changed() : routes);
        } else if (dice < 46) {
            callbacks.breakOrMend(List.of(ONE, TWO, THREE).get(random.nextInt(3)));
        } else if (dice < 50 && retention) {
            delete(partition, random.nextInt((int) log.end(partition) + 1));
        } else if (owner(partition) == null) {
            assign(partition);
        } else {
            work(random.nextInt(84));
        }
    }

    private void delete(int partition, long before) {
        log.delete(partition, before);
        for (Logged logged : log.written(partition)) {
            if (logged.offset() < before) {
                callbacks.deleted(logged.id());
            }
        }
    }

    /** One thing that happens anyway; false: there is nothing left to happen. */
    private boolean work(int dice) {
        for (int tries = 0; tries < 6; tries++) {
            boolean worked = switch ((dice / 14 + tries) % 6) {
                case 0 -> beginCarrying();
                case 1 -> answerCall();
                case 2 -> poll();
                case 3 -> catchUp();
                case 4 -> storeDeadLetter();
                default -> letTimePass();
            };
            for (SimulatedDispatcher dispatcher : dispatchers) {
                dispatcher.changes.step();
                dispatcher.assigned.values().forEach(SimulatedPartition::strikeBalance);
                dispatcher.assigned.forEach(this::commit);
                dispatcher.checkDefect();
            }
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
        boolean read = false;
        for (int partition : inAnyOrder()) {
            SimulatedDispatcher owner = owner(partition);
            if (!read && owner != null) {
                lookAtRetention(owner, partition);
                read = owner.assigned
                        .get(partition)
                        .read(log.records(partition), log.beginning(partition), 1 + random.nextInt(4));
            }
        }
        return read;
    }

    private boolean catchUp() {
        boolean read = false;
        for (int partition : inAnyOrder()) {
            SimulatedDispatcher owner = owner(partition);
            if (!read && owner != null) {
                lookAtRetention(owner, partition);
                read = owner.assigned
                        .get(partition)
                        .readAgain(log.records(partition), log.beginning(partition), 1 + random.nextInt(4));
            }
        }
        return read;
    }

    private int[] inAnyOrder() {
        return random.nextBoolean() ? new int[] {0, 1} : new int[] {1, 0};
    }

    private void lookAtRetention(SimulatedDispatcher owner, int partition) {
        if (log.beginning(partition) > 0) {
            owner.assigned.get(partition).beginsAt(log.beginning(partition), lost);
        }
    }

    private boolean storeDeadLetter() {
        List<List<Runnable>> waiting = new ArrayList<>();
        for (SimulatedDispatcher dispatcher : dispatchers) {
            if (!dispatcher.unstored.isEmpty()) {
                waiting.add(dispatcher.unstored);
            }
        }
        if (waiting.isEmpty()) {
            return false;
        }
        List<Runnable> unstored = waiting.get(random.nextInt(waiting.size()));
        unstored.remove(random.nextInt(unstored.size())).run();
        return true;
    }

    private boolean letTimePass() {
        SimulatedDispatcher first = null;
        Duration shortest = null;
        for (SimulatedDispatcher dispatcher : dispatchers) {
            Duration wait = dispatcher.timer.untilNext();
            if (wait != null && (shortest == null || wait.compareTo(shortest) < 0)) {
                first = dispatcher;
                shortest = wait;
            }
        }
        if (first == null || shortest == null) {
            return false;
        }
        first.timer.advance(shortest.isNegative() ? Duration.ZERO : shortest);
        return true;
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
        for (Logged logged : log.written(partition)) {
            if (logged.offset() < position && logged.offset() >= log.beginning(partition)) {
                for (String address : logged.addresses()) {
                    if (!callbacks.hasEnded(address, logged.id())) {
                        throw new AssertionError("offset " + position + " passes " + logged.id() + " at " + address);
                    }
                }
            }
        }
    }

    private SimulatedDispatcher owner(int partition) {
        for (SimulatedDispatcher dispatcher : dispatchers) {
            if (dispatcher.assigned.containsKey(partition)) {
                return dispatcher;
            }
        }
        return null;
    }

    private void assign(int partition) {
        epochs[partition]++;
        SimulatedDispatcher owner = dispatchers[random.nextInt(DISPATCHERS)];
        owner.assigned.put(partition, simulated(owner, partition, committed[partition]));
    }

    private void revoke(int partition) {
        SimulatedDispatcher owner = owner(partition);
        if (owner == null) {
            return;
        }
        SimulatedPartition given = owner.assigned.remove(partition);
        given.end();
        owner.path.withdraw(List.of(given.assignment()));
        int patience = random.nextInt(60);
        while (patience-- > 0 && !given.isQuiet()) {
            work(random.nextInt(84));
        }
        if (!given.isQuiet()) {
            owner.path.cancel(List.of(given.assignment()));
        }
        commit(partition, given);
    }

    private void lose(int partition) {
        SimulatedDispatcher owner = owner(partition);
        if (owner != null) {
            SimulatedPartition gone = owner.assigned.remove(partition);
            gone.end();
            owner.path.withdraw(List.of(gone.assignment()));
            owner.path.cancel(List.of(gone.assignment()));
        }
    }

    private void crash(int number, List<Route> configured) {
        dispatchers[number].crash();
        callbacks.crash(number);
        dispatchers[number] = start(number, configured);
    }

    private void reload(SimulatedDispatcher dispatcher, List<Route> configured) {
        Set<Long> otherTerms = new HashSet<>();
        for (Route route : configured) {
            for (Address address : route.addresses()) {
                if (random.nextInt(3) == 0) {
                    otherTerms.add(AddressKey.of(route.name(), address.id()));
                }
            }
        }
        dispatcher.reload(configured, otherTerms);
    }

    /** What an address must get: all that was not lost with what retention deleted. */
    private boolean hasAll(String address, int partition) {
        for (Logged logged : log.written(partition)) {
            if (logged.offset() >= log.beginning(partition)
                    && logged.addresses().contains(address)
                    && !callbacks.hasEnded(address, logged.id())) {
                return false;
            }
        }
        return true;
    }

    private boolean everybodyHasAllBut(String down) {
        for (String address : List.of(ONE, TWO, THREE)) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (!address.equals(down) && !hasAll(address, partition)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean allCommitted() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (committed[partition].offset() < log.end(partition)) {
                return false;
            }
        }
        return true;
    }

    private void checkEnd() {
        for (SimulatedDispatcher dispatcher : dispatchers) {
            for (SimulatedPartition partition : dispatcher.assigned.values()) {
                check(partition.heldBytes() == 0, "it still holds memory");
                check(partition.isQuiet(), "a partition could never be given away in peace");
            }
        }
        for (Route route : routes) {
            for (Address address : route.addresses()) {
                checkLost(address.id(), AddressKey.of(route.name(), address.id()));
            }
        }
    }

    private void checkLost(String address, long key) {
        long missing = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (Logged logged : log.written(partition)) {
                if (logged.addresses().contains(address) && !callbacks.hasEnded(address, logged.id())) {
                    check(logged.offset() < log.beginning(partition), logged.id() + " was lost at " + address);
                    missing++;
                }
            }
        }
        check(missing <= lost.getOrDefault(key, 0L), missing + " were lost at " + address + ", told were " + lost);
    }

    private void check(boolean holds, String offence) {
        if (!holds) {
            throw new AssertionError(offence + ": " + describe());
        }
    }

    private String describe() {
        List<Object> partitions = new ArrayList<>();
        for (SimulatedDispatcher dispatcher : dispatchers) {
            partitions.addAll(dispatcher.assigned.values());
        }
        return "ready " + coroutines.ready().size() + ", out " + callbacks.out().size() + ", committed "
                + Arrays.toString(committed) + ", " + partitions;
    }

    @Override
    public void close() {
        coroutines.close();
    }
}
