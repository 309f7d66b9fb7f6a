package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.consume.CheckedRecords;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.consume.ConsumerTime;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.DeliveryWorker;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Throttle;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.member.MemberReference;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.InMemory;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.route.Targets.RouteTargets;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.dispatch.window.AddressKey;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One run of a dispatcher process in a simulation: the real consumer loop on consumers of a Kafka in memory, and the
 * real path of a message. The simulation moves the timer and resumes the threads.
 */
final class SimulatedDispatcher implements ConsumerTime.Waits {
    /** The session timeout of the group. */
    static final Duration SESSION = Duration.ofSeconds(15);

    private static final TopicNames NAMES = new TopicNames("d");
    private static final Duration REBALANCE_WAIT = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(8);
    private static final int RECORD_BYTES = 1300;

    final int number;
    final SimulatedNetwork network;
    final ManualScheduler timer;
    final InMemory inMemory;

    /** Dead letters not stored yet. */
    final List<Runnable> unstored = new ArrayList<>();

    private final SimulatedWorld world;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DispatchPath path;
    private final FakeMember member;
    private final ConsumerLoop loop;
    private Targets targets;
    private boolean stepping;
    private boolean dead;
    private @Nullable Throwable defect;

    SimulatedDispatcher(int number, String name, List<Route> routes, SimulatedWorld world) {
        this.number = number;
        this.world = world;
        this.timer = new ManualScheduler(world.clock());
        Random random = world.random();
        int mostRecords = 1 + random.nextInt(4);
        this.network = new SimulatedNetwork(random, mostRecords, world);
        this.targets = targets(routes, key -> null);
        Heartbeat heartbeat = new Heartbeat(SESSION, world.clock().nanoTime());
        path = new DispatchPath(
                new RecordCodec(),
                targets,
                new Attempts(world.clock(), world.clock().nanoTime()),
                new Settlement(
                        (record, appId, address, letter, stored) -> bury(record.value(), address, stored),
                        world.clock()),
                new DeliveryWorker.Calls(
                        this::begin,
                        1 + random.nextInt(6),
                        this::failed,
                        world.clock().nanoTime()),
                timer,
                heartbeat::isFresh);
        ConsumerLoop.Bounds bounds =
                new ConsumerLoop.Bounds(2000 + random.nextInt(60_000), 2 + random.nextInt(10), REBALANCE_WAIT, GRACE);
        this.inMemory =
                new InMemory(bounds.maxBuffered() + 8L * mostRecords * RECORD_BYTES, bounds.maxWindow() + mostRecords);
        MemberReference reference = new MemberReference();
        this.member = world.kafka().member(name, network, assignor(reference));
        AppTopics topics = AppTopics.of(routes, NAMES);
        this.loop = new ConsumerLoop(
                world.consumers(member, reference, network),
                topics.byTopic(),
                new CheckedRecords(path, inMemory),
                bounds,
                new ConsumerMeters(registry, topics.apps()),
                new ConsumerTime(world.clock(), world.clock().nanoTime(), this),
                heartbeat);
        loop.start();
    }

    private static FakeMember.Assignor assignor(MemberReference reference) {
        return new FakeMember.Assignor() {
            @Override
            public Set<TopicPartition> busy() {
                return reference.busy();
            }

            @Override
            public void drain(Set<TopicPartition> partitions) {
                reference.drain(partitions);
            }
        };
    }

    private void begin(Runnable task) {
        world.coroutines().execute(() -> {
            if (!dead) {
                task.run();
            }
        });
    }

    private Targets targets(List<Route> routes, Function<Long, @Nullable Target> known) {
        List<RouteTargets> all = new ArrayList<>();
        for (Route route : routes) {
            List<Target> addresses = new ArrayList<>();
            for (Destination destination : route.destinations()) {
                long key = AddressKey.of(route.name(), destination.id());
                Target same = known.apply(key);
                addresses.add(same != null ? same : target(key, destination));
            }
            all.add(RouteTargets.of(route, addresses));
        }
        return new Targets(all);
    }

    private Target target(long key, Destination destination) {
        return new Target(
                key,
                destination,
                world.callbacks()
                        .sink(number, destination.id(), destination.calls().maxInFlight()),
                new Throttle(Pace.FREE, world.clock().nanoTime()),
                new DeliveryMeters(new SimpleMeterRegistry(), destination),
                new AddressLog("simulated", world.clock().nanoTime()));
    }

    FakeMember member() {
        return member;
    }

    /** Whether the consumer thread is inside a step, during which other threads run now. */
    boolean isStepping() {
        return stepping;
    }

    /**
     * One step of the consumer thread.
     *
     * @return false: the process has ended in it
     */
    boolean step() {
        return consumerThread(loop::step);
    }

    /** Ends the process in an orderly way. */
    void stop() {
        consumerThread(loop::close);
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private boolean consumerThread(Work work) {
        stepping = true;
        try {
            work.run();
            return true;
        } catch (SimulatedCallbacks.Crash e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            stepping = false;
        }
    }

    @Override
    public void sleep(Duration time) {
        world.pass(time);
    }

    @Override
    public boolean untilQuiet(Assignment assignment, long nanos) {
        return world.until(() -> InMemory.isQuiet(assignment), Duration.ofNanos(nanos));
    }

    /** Reloads with other routes; the settings of these addresses, by key, have changed. */
    void reload(List<Route> routes, Set<Long> otherTerms) {
        Targets before = targets;
        Targets next = targets(routes, key -> otherTerms.contains(key) ? null : before.of(key));
        targets = next;
        path.change(next);
        loop.change(AppTopics.of(routes, NAMES).byTopic(), next.keysOfOthersThan(before));
    }

    private void bury(byte[] value, @Nullable AddressName address, Runnable stored) {
        if (dead) {
            return;
        }
        SimulatedCallbacks callbacks = world.callbacks();
        String id = new String(value, StandardCharsets.UTF_8);
        if (address != null) {
            callbacks.condemned(address.id(), id);
        }
        unstored.add(() -> {
            if (address != null) {
                callbacks.buried(address.id(), id);
            }
            stored.run();
        });
    }

    private void failed(Throwable e) {
        if (!(e instanceof SimulatedCallbacks.Crash)) {
            defect = e;
        }
    }

    /** Ends the process at once; the caller ends its calls in flight. */
    void crash() {
        dead = true;
        unstored.clear();
        timer.shutdownNow();
    }

    /** Records that it reported as deleted by retention before they were delivered to this address. */
    long lost(String address) {
        return (long) registry.find("relay.dispatch.lost").tag("address", address).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    void checkDefect() {
        if (defect != null) {
            throw new AssertionError("a defect: " + defect.getMessage(), defect);
        }
    }

    @Override
    public String toString() {
        return member.name() + " " + inMemory;
    }
}
