package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Destinations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The targets that have deliveries in memory or may get some, by the key of their address: those of the configuration,
 * and those that a reload has replaced or removed, until nothing of them is left. It takes deliveries back from the
 * lanes while the call threads send others ({@link DeliveryWorker}).
 */
@CalledOn("dispatch-consumer")
public final class ActiveTargets implements Destinations {
    private final Lanes<Delivery> lanes;

    /** Deliveries in flight or waiting for their retry, only the first of each batch; shared with the call threads. */
    private final Set<Delivery> begun;

    private final CallTimes times;

    private Map<Long, Target> configured = Map.of();
    /** Replaced or removed targets that may still have deliveries in memory or in flight. */
    private final Map<Long, Target> replaced = new HashMap<>();

    ActiveTargets(Lanes<Delivery> lanes, Set<Delivery> begun, CallTimes times) {
        this.lanes = lanes;
        this.begun = begun;
        this.times = times;
    }

    /**
     * Applies another configuration. Deliveries in memory of a changed or removed address keep the old settings, until
     * {@link #switchOver}.
     *
     * @param all targets of the configuration
     * @param served those of enabled addresses: calls are reserved for them
     */
    public void change(Collection<Target> all, Collection<Target> served) {
        Map<Long, Target> next = new HashMap<>();
        all.forEach(target -> next.put(target.key(), target));
        for (Target before : configured.values()) {
            if (next.get(before.key()) != before && replaced.putIfAbsent(before.key(), before) != null) {
                forget(before); // it was never served: an older version of it still has calls in flight
            }
        }
        configured = next;
        served.forEach(target -> lanes.expect(target.lanes()));
    }

    /** Forgets an address that has no deliveries in memory and gets no more. */
    private void forget(Target target) {
        lanes.forget(target.lanes());
        times.forget(target);
    }

    @Override
    public boolean takes(long address) {
        Target target = configured.get(address);
        return target == null || !lanes.isHeld(target.lanes());
    }

    @Override
    public boolean hasEnough(long address) {
        Target target = configured.get(address);
        return target != null && lanes.hasEnough(target.lanes());
    }

    @Override
    public void unload(Assignment assignment, long address) {
        Target target = configured.get(address);
        if (target != null) {
            drop(lanes.unload(target.lanes(), assignment));
        }
    }

    @Override
    public void unloadLanes(Assignment assignment, long address, Set<String> orderKeys, boolean resting) {
        Target target = configured.get(address);
        if (target == null) {
            return;
        }
        List<Delivery> taken = new ArrayList<>(lanes.unload(target.lanes(), assignment, orderKeys));
        if (resting) {
            begun.removeIf(first -> isOf(first, target, assignment)
                    && first.together().size() == 1
                    && orderKeys.contains(first.orderKey())
                    && first.wake()
                    && taken.addAll(takenBack(first)));
        }
        drop(taken);
    }

    /** Opens the lanes of deliveries that waited for their retry. */
    private List<Delivery> takenBack(Delivery first) {
        lanes.takenBack(first);
        return first.together();
    }

    private static boolean isOf(Delivery first, Target target, Assignment assignment) {
        return first.target() == target && first.assignment() == assignment && first.orderKey() != null;
    }

    @Override
    public Set<String> lanesOfLongCalls(Assignment assignment, long address) {
        Target target = configured.get(address);
        if (target == null) {
            return Set.of();
        }
        Set<String> found = new HashSet<>();
        for (Delivery first : begun) {
            if (isOf(first, target, assignment) && times.isLong(first)) {
                first.together().forEach(each -> found.add(String.valueOf(each.orderKey())));
            }
        }
        return found;
    }

    @Override
    public void takeBack(Assignment assignment, long address) {
        Target before = replaced.get(address);
        Target target = before == null ? configured.get(address) : before; // an app that is left keeps its targets
        if (target == null) {
            return;
        }
        List<Delivery> taken = new ArrayList<>(lanes.retire(target.lanes(), assignment));
        List<Delivery> resting = new ArrayList<>();
        begun.removeIf(first ->
                first.target() == target && first.assignment() == assignment && first.wake() && resting.add(first));
        resting.sort(Comparator.comparingLong(first -> first.record().offset()));
        resting.forEach(first -> taken.addAll(takenBack(first)));
        drop(taken);
    }

    /** Settled deliveries are only forgotten: they were in memory because the rest of their batch was. */
    private static void drop(List<Delivery> taken) {
        taken.stream().filter(delivery -> !delivery.isSettled()).forEach(Delivery::unload);
    }

    @Override
    public boolean hasCallsOfReplaced(long address) {
        Target target = replaced.get(address);
        return target != null && lanes.running(target.lanes()) > 0;
    }

    @Override
    public void switchOver(long address) {
        Target target = replaced.remove(address);
        if (target != null) {
            forget(target);
        }
    }

    @Override
    public void switchOverAllBut(Set<Long> addresses) {
        Set<Long> left = new HashSet<>(replaced.keySet());
        left.removeAll(addresses);
        left.forEach(this::switchOver);
    }

    @Override
    public void withdraw(Collection<Assignment> ended) {
        lanes.withdraw(Set.copyOf(ended));
        begun.removeIf(first -> !first.assignment().isCurrent() && first.wake());
    }

    @Override
    public void cancelWithdrawn() {
        for (Delivery first : begun) {
            if (!first.assignment().isCurrent()) {
                first.together().forEach(delivery -> delivery.call().cancel());
            }
        }
    }

    @Override
    public Set<Long> slowAddresses() {
        return times.slow(begun);
    }
}
