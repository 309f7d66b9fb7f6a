package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.dispatch.SimulatedLog.Logged;
import io.mqttrelay.dispatch.progress.SimulatedStore;
import io.mqttrelay.dispatch.window.AddressKey;
import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Two dispatchers, each with the real consumer loop, with a Kafka in memory, and without HTTP and real time. A seed
 * decides which thread runs next, how callbacks answer, and which of them is down. It also decides when partitions
 * move, when a process dies, stops, returns with another configuration or reloads, when Kafka does not answer, and how
 * much retention deletes. Other threads run while the consumer thread waits for Kafka. One seed is one schedule,
 * exactly.
 */
final class DispatchSimulation implements AutoCloseable, SimulatedWorld.Schedule {
    private static final List<Ordering> ORDERINGS = List.of(Ordering.values());
    private static final int PARTITIONS = SimulatedLog.PARTITIONS;
    private static final int DISPATCHERS = 2;
    private static final int CHAOS_STEPS = 600;
    private static final int NEVER_GIVES_UP = 1_000_000;
    private static final int MOST_STEPS = 60_000;
    private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(20);
    private static final String ONE = "http://one";
    private static final String TWO = "http://two";
    private static final String THREE = "http://three";

    private final Random random;
    private final Coroutines coroutines = new Coroutines();
    private final ManualClock clock = ManualClock.create();
    private final SimulatedCallbacks callbacks;
    private final List<Route> routes;
    private final SimulatedLog log;
    private final FakeKafka kafka;
    private final SimulatedWorld world;
    private final SimulatedPromises promises;
    private final SimulatedDispatcher[] dispatchers = new SimulatedDispatcher[DISPATCHERS];
    /** Members without contact to the coordinator, and since when. */
    private final Map<FakeMember, Long> unheard = new LinkedHashMap<>();

    private final int messages;
    private final boolean retention;
    /** Whether the group has committed nothing at first. */
    private final boolean uncommitted;

    private int lives;
    final SimulatedStore store;

    DispatchSimulation(long seed) {
        random = new Random(seed);
        int[] epochs = new int[PARTITIONS];
        kafka = new FakeKafka(SimulatedLog.partitions(), members -> members.get(random.nextInt(members.size())));
        callbacks = new SimulatedCallbacks(random, coroutines, epochs, this::owns, clock::millis);
        routes = List.of(route("r1", ONE, TWO).build(), route("r2", THREE).build());
        log = new SimulatedLog(random, routes, kafka, callbacks);
        messages = 20 + random.nextInt(100);
        write(random.nextInt(messages));
        retention = random.nextInt(4) == 0;
        uncommitted = !retention && random.nextInt(4) == 0;
        store = new SimulatedStore(new Random(seed));
        world = new SimulatedWorld(random, clock, coroutines, kafka, callbacks, store, this);
        promises = new SimulatedPromises(kafka.group(), log, callbacks, routes, epochs, store, this::network);
        promises.begin(uncommitted);
        Arrays.setAll(dispatchers, number -> start(number, routes));
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            log.write();
        }
    }

    private boolean owns(int dispatcher, int partition) {
        return kafka.group().owner(SimulatedLog.partition(partition)) == dispatchers[dispatcher].member();
    }

    private SimulatedNetwork network(FakeMember member) {
        for (SimulatedDispatcher dispatcher : dispatchers) {
            if (dispatcher.member() == member) {
                return dispatcher.network;
            }
        }
        throw new IllegalStateException(member.name() + " has ended");
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
                .holdFor(List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofDays(1))
                        .get(random.nextInt(4)))
                .maxInFlight(1 + random.nextInt(4))
                .excluding("excluded/#")
                .backoff(Duration.ofMillis(1 + random.nextInt(500)), 2, Duration.ofSeconds(2), 0);
    }

    private SimulatedDispatcher start(int number, List<Route> configured) {
        return new SimulatedDispatcher(number, "dispatcher " + number + "." + lives++, configured, world);
    }

    /** Makes another configuration: without one of the addresses, or with a disabled address or route. */
    private List<Route> changed() {
        Route first = routes.get(0);
        Route second = routes.get(1);
        // the cursor of a removed address ends when retention passes it, and begins with the first commit
        return switch (retention || uncommitted ? 2 : random.nextInt(3)) {
            case 0 -> List.of(with(first, ONE), second);
            case 1 -> List.of(with(first, TWO), second);
            default ->
                random.nextBoolean()
                        ? List.of(first, disabled(second))
                        : List.of(TestRoute.like(first, ONE, TWO).disabled(TWO).build(), second);
        };
    }

    private static Route with(Route route, String address) {
        return TestRoute.like(route, address).build();
    }

    private static Route disabled(Route route) {
        String[] addresses = route.destinations().stream().map(Destination::id).toArray(String[]::new);
        return TestRoute.like(route, addresses).disabled().build();
    }

    /**
     * Runs the schedule to its end: first with faults; then one address may stay down, and the others must end; then
     * without faults.
     */
    void run() {
        for (int step = 0; step < CHAOS_STEPS; step++) {
            chaos(random.nextInt(1000));
        }
        write(messages - log.written());
        for (SimulatedDispatcher dispatcher : dispatchers) {
            dispatcher.network.heal();
            unheard.remove(dispatcher.member());
            if (random.nextBoolean()) {
                crash(dispatcher.number, routes);
            } else {
                reload(dispatcher, routes);
            }
        }
        String down = List.of(ONE, TWO, THREE).get(random.nextInt(3));
        callbacks.healAllBut(down);
        until(() -> promises.allEndedBut(down), "the others wait for " + down);
        callbacks.heal();
        until(promises::allCommitted, "it does not end");
        until(this::nothingIsLeft, "memory is held, or a partition could never be given away in peace");
        for (SimulatedDispatcher dispatcher : dispatchers) {
            promises.ended(dispatcher);
        }
        promises.checkLost();
    }

    private void until(BooleanSupplier reached, String otherwise) {
        for (int step = 0; !reached.getAsBoolean(); step++) {
            if (step > MOST_STEPS) {
                throw new AssertionError(otherwise + ": " + describe());
            }
            work();
        }
    }

    private void chaos(int dice) {
        SimulatedDispatcher any = dispatchers[random.nextInt(DISPATCHERS)];
        if (dice < 6) {
            crash(any.number, random.nextInt(3) == 0 ? changed() : routes);
        } else if (dice < 8) {
            any.network.dieIn(random.nextInt(20));
        } else if (dice < 10) {
            stop(any, random.nextInt(3) == 0 ? changed() : routes);
        } else if (dice < 26) {
            kafka.group().move(SimulatedLog.partition(random.nextInt(PARTITIONS)), any.member());
        } else if (dice < 32) {
            silence(any);
        } else if (dice < 34) {
            clock.advance(Duration.ofMillis(random.nextInt((int) LONGEST_STANDSTILL.toMillis())));
            expireSessions();
        } else if (dice < 38) {
            any.network.failures = any.network.failures > 0 ? 0 : random.nextInt(60);
        } else if (dice < 42) {
            reload(any, random.nextInt(3) == 0 ? changed() : routes);
        } else if (dice < 48) {
            callbacks.breakOrMend(List.of(ONE, TWO, THREE).get(random.nextInt(3)));
        } else if (dice < 52 && retention) {
            int partition = random.nextInt(PARTITIONS);
            int end = (int) log.end(partition);
            delete(partition, random.nextInt(3) == 0 ? end : random.nextInt(end + 1));
        } else if (dice < 150 && log.written() < messages) {
            log.write();
        } else {
            work();
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

    /** Ends or restores the contact between the coordinator and the dispatcher. */
    private void silence(SimulatedDispatcher dispatcher) {
        dispatcher.network.silent = !dispatcher.network.silent;
        if (dispatcher.network.silent) {
            unheard.put(dispatcher.member(), clock.nanoTime().getAsLong());
        } else {
            unheard.remove(dispatcher.member());
        }
    }

    private void expireSessions() {
        unheard.entrySet().removeIf(each -> {
            boolean over = clock.nanoTime().getAsLong() - each.getValue() >= SimulatedDispatcher.SESSION.toNanos();
            if (over) {
                kafka.group().expire(each.getKey());
            }
            return over;
        });
    }

    /** Runs one step of normal work. */
    private void work() {
        int dice = random.nextInt(7);
        if (dice < 3) {
            step(dispatchers[random.nextInt(DISPATCHERS)]);
        } else {
            workOfOtherThreads(dice);
        }
        for (SimulatedDispatcher dispatcher : dispatchers) {
            dispatcher.checkDefect();
        }
    }

    private void step(SimulatedDispatcher dispatcher) {
        if (!dispatcher.isStepping() && !dispatcher.step()) {
            crash(dispatcher.number, routes);
        }
    }

    /** @return false: no thread could run, only time can pass */
    private boolean workOfOtherThreads(int dice) {
        for (int tries = 0; tries < 3; tries++) {
            boolean worked = switch ((dice + tries) % 4) {
                case 0 -> beginCarrying();
                case 1 -> answerCall();
                case 2 -> random.nextBoolean() ? store.step() : storeDeadLetter();
                default -> false;
            };
            if (worked) {
                return true;
            }
        }
        letTimePass();
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

    private void letTimePass() {
        Duration next = Duration.ofSeconds(1);
        for (SimulatedDispatcher dispatcher : dispatchers) {
            Duration wait = dispatcher.timer.untilNext();
            if (wait != null && wait.compareTo(next) < 0) {
                next = wait.isNegative() ? Duration.ZERO : wait;
            }
        }
        pass(next);
    }

    @Override
    public void meanwhile() {
        int dice = random.nextInt(12);
        if (dice < 3) {
            workOfOtherThreads(dice);
        } else if (dice == 3) {
            step(dispatchers[random.nextInt(DISPATCHERS)]);
        }
    }

    @Override
    public void pass(Duration time) {
        clock.advance(time);
        for (SimulatedDispatcher dispatcher : dispatchers) {
            dispatcher.timer.runDue();
        }
        expireSessions();
    }

    @Override
    public boolean until(BooleanSupplier reached, Duration limit) {
        long deadline = clock.nanoTime().getAsLong() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (clock.nanoTime().getAsLong() - deadline >= 0) {
                return false;
            }
            if (random.nextInt(10) == 0) {
                pass(limit.dividedBy(20));
            } else {
                workOfOtherThreads(random.nextInt(4));
            }
        }
        return true;
    }

    private void crash(int number, List<Route> configured) {
        SimulatedDispatcher dispatcher = dispatchers[number];
        if (!dispatcher.isStepping()) {
            unheard.putIfAbsent(dispatcher.member(), clock.nanoTime().getAsLong());
            end(dispatcher, configured);
        }
    }

    private void stop(SimulatedDispatcher dispatcher, List<Route> configured) {
        dispatcher.stop();
        if (kafka.group().isMember(dispatcher.member())) {
            unheard.putIfAbsent(dispatcher.member(), clock.nanoTime().getAsLong()); // it could not take its leave
        }
        end(dispatcher, configured);
    }

    private void end(SimulatedDispatcher dispatcher, List<Route> configured) {
        promises.ended(dispatcher);
        dispatcher.crash();
        callbacks.crash(dispatcher.number);
        dispatchers[dispatcher.number] = start(dispatcher.number, configured);
    }

    private void reload(SimulatedDispatcher dispatcher, List<Route> configured) {
        Set<Long> otherTerms = new HashSet<>();
        for (Route route : configured) {
            for (Destination destination : route.destinations()) {
                if (random.nextInt(3) == 0) {
                    otherTerms.add(AddressKey.of(route.name(), destination.id()));
                }
            }
        }
        dispatcher.reload(configured, otherTerms);
    }

    private boolean nothingIsLeft() {
        return Arrays.stream(dispatchers)
                .allMatch(dispatcher -> dispatcher.inMemory.bytes() == 0 && dispatcher.inMemory.isQuiet());
    }

    /** A text that usually differs between schedules. */
    String fingerprint() {
        return clock.millis() + " " + lives + " " + random.nextLong();
    }

    private String describe() {
        return "ready " + coroutines.ready().size() + ", out " + callbacks.out().size() + ", " + promises + ", "
                + Arrays.toString(dispatchers);
    }

    @Override
    public void close() {
        coroutines.close();
    }
}
