package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.Targets.RouteTargets;
import io.mqttrelay.dispatch.consume.AddressKey;
import io.mqttrelay.dispatch.consume.ConsumedApp;
import io.mqttrelay.dispatch.consume.SimulatedChanges;
import io.mqttrelay.dispatch.consume.SimulatedPartition;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.testkit.time.ManualClock;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One life of one dispatcher in a simulation: its path, its timer, its configuration, the partitions that it has. */
final class SimulatedDispatcher {
    /** Partitions that it has, by number. */
    final Map<Integer, SimulatedPartition> assigned = new LinkedHashMap<>();

    final int number;
    final DispatchPath path;
    final ManualScheduler timer;
    final SimulatedPartition.App app;
    final SimulatedChanges changes;

    /** Dead letters on their way to Kafka. */
    final List<Runnable> unstored = new ArrayList<>();

    boolean fresh = true;

    private final ManualClock clock;
    private final SimulatedCallbacks callbacks;
    private Targets targets;
    private boolean dead;
    private @Nullable Throwable defect;

    SimulatedDispatcher(
            int number,
            List<Route> routes,
            Random random,
            ManualClock clock,
            Coroutines coroutines,
            SimulatedCallbacks callbacks) {
        this.number = number;
        this.timer = new ManualScheduler(clock);
        this.clock = clock;
        this.callbacks = callbacks;
        this.targets = targets(routes, key -> null);
        app = new SimulatedPartition.App(consumed(routes), 2 + random.nextInt(10));
        path = new DispatchPath(
                new RecordCodec(),
                targets,
                new Attempts(clock, clock.nanoTime()),
                new Settlement(
                        (record, appId, address, letter, stored) -> bury(callbacks, record.value(), address, stored),
                        clock),
                new DispatchPath.Calls(coroutines, 1 + random.nextInt(6), this::failed),
                timer,
                () -> fresh);
        changes = new SimulatedChanges(app, consumed(routes), assigned.values(), path);
    }

    private Targets targets(List<Route> routes, Function<Long, @Nullable Target> known) {
        List<RouteTargets> all = new ArrayList<>();
        for (Route route : routes) {
            List<Target> addresses = new ArrayList<>();
            for (Address address : route.addresses()) {
                long key = AddressKey.of(route.name(), address.id());
                Target same = known.apply(key);
                addresses.add(same != null ? same : target(key, route, address));
            }
            all.add(RouteTargets.of(route, addresses));
        }
        return new Targets(all);
    }

    private Target target(long key, Route route, Address address) {
        return new Target(
                key,
                route,
                address,
                callbacks.sink(number, address.id(), route.maxInFlight()),
                new LaneAddress(route.maxInFlight(), Pace.FREE, route.batch()),
                new DeliveryMeters(new SimpleMeterRegistry(), "app", address),
                new AddressLog("simulated", clock.nanoTime()));
    }

    private static ConsumedApp consumed(List<Route> routes) {
        return AppTopics.of(routes, new TopicNames("d")).byTopic().get("d.app");
    }

    /** Goes over to another configuration; these addresses, by key, are called on other terms. */
    void reload(List<Route> routes, Set<Long> otherTerms) {
        Targets before = targets;
        Targets next = targets(routes, key -> otherTerms.contains(key) ? null : before.of(key));
        targets = next;
        path.change(next);
        changes.begin(consumed(routes), next.keysOfOthersThan(before));
    }

    private void bury(SimulatedCallbacks callbacks, byte[] value, @Nullable Address address, Runnable stored) {
        if (dead) {
            return;
        }
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

    /** It stops here and now; whoever simulates ends the calls that are out. */
    void crash() {
        dead = true;
        unstored.clear();
        timer.shutdownNow();
        assigned.values().forEach(SimulatedPartition::end);
        assigned.clear();
    }

    void checkDefect() {
        if (defect != null) {
            throw new AssertionError("a defect: " + defect.getMessage(), defect);
        }
    }
}
