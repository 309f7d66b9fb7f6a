package io.mqttrelay.dispatch.lane;

import io.mqttrelay.common.config.destination.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lanes of one address, and its number of calls in flight. Guarded by the lock of {@link Lanes}. */
public final class LaneAddress {
    /** Lanes by scope; a scope stays, mostly empty, until it is withdrawn. */
    private final Map<Object, ScopeLanes> lanes = new HashMap<>();

    private final Stock stock = new Stock();
    private final Ready ready;
    /** The same object as {@link #ready} if the address has batches; null: it has none. */
    final @Nullable ReadyBatches batches;

    /**
     * Ready deliveries for each allowed call: work for tens of milliseconds of the quickest callback. If several
     * addresses share the processors, each needs fewer in that time.
     */
    private static final int ENOUGH = 16;

    /**
     * Ready deliveries for each message of a batch, if that is more: there is always a batch to send while there is
     * enough.
     */
    private static final int ENOUGH_IN_BATCHES = 4;

    /** But at least this many for each call in flight, or for each message of a batch, and {@link #LEAST} in all. */
    private static final int ENOUGH_OF_MANY = 2;

    private static final int LEAST = 32;

    final int limit;
    private final int batchSize;
    final Pace pace;
    int running;
    int holds;
    boolean shut;
    boolean probe;
    /** Whether the address waits for its {@link Pace}. */
    boolean paced;

    private boolean hadEnough;

    boolean inTurn;
    boolean forgotten;
    /** In the order in which addresses became known; 0: not known yet. */
    int number;

    /**
     * @param limit calls that may be in flight at once
     * @param batch null: one delivery in each call
     */
    public LaneAddress(int limit, Pace pace, @Nullable Batch batch) {
        this.limit = limit;
        this.batchSize = batch == null ? 1 : batch.maxMessages();
        this.pace = pace;
        this.batches = batch == null ? null : new ReadyBatches(batch, stock);
        this.ready = batches == null ? new ReadyLanes(stock) : batches;
    }

    boolean mayStart() {
        return holds == 0 && !paced && (!shut || probe) && running < limit && ready.any();
    }

    boolean isHeld() {
        return holds > 0 || shut;
    }

    /** Whether nothing waits for the address and nothing is in flight. */
    boolean isEmpty() {
        return lanes.values().stream().allMatch(ScopeLanes::isEmpty) && stock.lanes() == 0 && stock.deliveries() == 0;
    }

    /**
     * Whether the ready deliveries keep the address busy for a while: enough deliveries, in enough lanes. Once true, it
     * stays true until half of the deliveries are gone.
     *
     * @param busy addresses with calls in flight, including this one or not; at least 1
     * @param allowed calls that may be in flight at once, over all addresses; at least 1
     */
    boolean hasEnough(int busy, int allowed) {
        int mostOut = Math.min(limit, allowed);
        int itsPart = Math.min(limit, Math.max(1, allowed / busy));
        boolean manyLanes = running + stock.lanes() >= itsPart + itsPart / 4;
        long enough = Math.max(
                Math.max((long) ENOUGH * mostOut, (long) ENOUGH_IN_BATCHES * batchSize) / busy,
                Math.max(LEAST, (long) ENOUGH_OF_MANY * Math.max(itsPart, batchSize)));
        boolean anyWaits = batches == null || batches.any(); // without a full batch, more records may fill one
        hadEnough = manyLanes && anyWaits && stock.deliveries() >= (hadEnough ? enough / 2 : enough);
        return hadEnough;
    }

    /** Whether no lane has deliveries, waiting, resting or in flight, except those of this delivery's call. */
    boolean isAlone(Queued delivery) {
        int open = 0;
        for (ScopeLanes ofScope : lanes.values()) {
            open += ofScope.size();
        }
        return open <= ScopeLanes.count(delivery.together());
    }

    /**
     * Adds a delivery at the end of its lane.
     *
     * @return whether more could go out than before
     */
    boolean add(Queued delivery) {
        Lane lane = laneOf(delivery);
        if (lane == null) {
            ready.addLast(open(delivery));
            scope(delivery).opened(delivery);
            return true;
        }
        lane.deliveries.add(delivery);
        if (!lane.ready) {
            return false;
        }
        ready.grew(lane);
        return batches != null && lane.begun == 0;
    }

    /**
     * Removes a delivery that was in flight from the head of its lane.
     *
     * @return whether more could go out than before
     */
    boolean remove(Queued delivery) {
        Lane lane = laneOf(delivery);
        if (lane == null) {
            forget(delivery);
            return false; // withdrawn meanwhile, or without order
        }
        lane.deliveries.removeFirst();
        lane.begun--;
        if (lane.deliveries.isEmpty()) {
            forget(delivery);
            return false;
        }
        if (lane.begun == 0) {
            ready.addLast(lane);
        }
        return lane.begun == 0;
    }

    /** Lets a delivery of a failed batch go alone, before the following ones of its lane. */
    void separate(Queued delivery) {
        if (delivery.orderKey() == null) {
            ready.addLast(open(delivery));
            return;
        }
        Lane lane = laneOf(delivery);
        if (lane != null && --lane.begun == 0) {
            ready.addLast(lane);
        }
    }

    /**
     * Makes a rested delivery ready again, in a call with the same deliveries as before.
     *
     * @return false: it was withdrawn meanwhile
     */
    boolean again(Queued delivery) {
        Lane lane = delivery.orderKey() == null ? open(delivery) : laneOf(delivery);
        if (lane == null) {
            return false;
        }
        lane.begun = Math.max(1, lane.begun);
        ready.addLast(lane);
        return true;
    }

    /**
     * Begins the first ready delivery, and those that go out with it.
     *
     * @return null: none is ready
     */
    @Nullable
    Queued begin() {
        Lane lane = ready.pollFirst();
        if (lane == null) {
            return null;
        }
        Queued first = lane.deliveries.getFirst();
        if (batches == null) {
            lane.begun = 1;
            return first;
        }
        List<Queued> together = batches.begin(lane);
        if (together != null) {
            first.startsWith(together);
        }
        return first;
    }

    /** Forgets the lanes of these scopes. Takes time in proportion to the scopes of this address. */
    void withdraw(Set<?> scopes) {
        lanes.keySet().removeAll(scopes);
        ready.removeIf(lane -> scopes.contains(lane.scope));
    }

    /** Takes back the deliveries of this scope that have not begun, and have not been in a batch that went out. */
    List<Queued> unload(Object scope) {
        List<Queued> unloaded = new ArrayList<>();
        ScopeLanes ofScope = lanes.get(scope);
        if (ofScope != null) {
            for (Lane lane : ofScope.ordered()) {
                if (!isUntouched(lane)) {
                    lane.moveAfter(lane.begun, unloaded);
                }
            }
        }
        ready.removeIf(lane -> lane.scope == scope && isUntouched(lane) && close(lane, unloaded));
        return unloaded;
    }

    /**
     * Takes back the deliveries of these lanes of this scope that have not begun, and have not been in a batch that
     * went out.
     */
    List<Queued> unload(Object scope, Set<String> orderKeys) {
        List<Queued> unloaded = new ArrayList<>();
        ScopeLanes ofScope = lanes.get(scope);
        if (ofScope == null) {
            return unloaded;
        }
        Set<Lane> chosen = new HashSet<>();
        boolean anyReady = false;
        for (String orderKey : orderKeys) {
            Lane lane = ofScope.get(orderKey);
            if (lane == null) {
                continue;
            }
            anyReady |= lane.ready;
            if (isUntouched(lane)) {
                chosen.add(lane);
            } else {
                lane.moveAfter(lane.begun, unloaded);
            }
        }
        if (anyReady) {
            ready.removeIf(lane -> chosen.contains(lane) && close(lane, unloaded)); // and counts its deliveries
        }
        return unloaded;
    }

    /** Takes back all deliveries of this scope that are not in flight. Later ones do not wait for them. */
    List<Queued> retire(Object scope) {
        List<Queued> taken = unload(scope);
        List<Queued> again = new ArrayList<>(); // of batches that were to go out again
        ready.removeIf(lane ->
                lane.scope == scope && again.addAll(lane.deliveries.getFirst().together()));
        again.forEach(this::remove);
        taken.addAll(again);
        return taken;
    }

    private boolean isUntouched(Lane lane) {
        return lane.ready && (batches == null || lane.begun == 0);
    }

    private boolean close(Lane lane, List<Queued> unloaded) {
        forget(lane.deliveries.getFirst());
        lane.moveAfter(0, unloaded);
        return true;
    }

    private Lane open(Queued delivery) {
        Lane lane = new Lane(delivery.scope(), delivery.later());
        lane.deliveries.add(delivery);
        if (delivery.orderKey() != null) {
            scope(delivery).put(delivery.orderKey(), lane);
        }
        return lane;
    }

    private ScopeLanes scope(Queued delivery) {
        return lanes.computeIfAbsent(delivery.scope(), scope -> new ScopeLanes());
    }

    private @Nullable Lane laneOf(Queued delivery) {
        ScopeLanes ofScope = lanes.get(delivery.scope());
        return ofScope == null || delivery.orderKey() == null ? null : ofScope.get(delivery.orderKey());
    }

    private void forget(Queued delivery) {
        ScopeLanes ofScope = lanes.get(delivery.scope());
        if (ofScope != null) {
            ofScope.closed(delivery);
        }
    }
}
