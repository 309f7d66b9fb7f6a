package io.mqttrelay.dispatch.lane;

import io.mqttrelay.common.config.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lanes of one address, and how many of its calls go out at once. Guarded by the lock of {@link Lanes}. */
public final class LaneAddress {
    /** By scope and order key; those of a scope stay, mostly empty, until it is withdrawn. */
    private final Map<Object, Map<String, Lane>> lanes = new HashMap<>();

    private final Stock stock = new Stock();
    private final Ready ready;
    /** The same, where the address has batches. */
    final @Nullable ReadyBatches batches;

    /**
     * Ready for each that may be out at once: tens of milliseconds of the quickest callback. Where several addresses share
     * the processors, each gets so much less done in that time.
     */
    private static final int ENOUGH = 16;

    /** Ready for each that fits into a batch, if that is more: there is always one to go while there is enough. */
    private static final int ENOUGH_IN_BATCHES = 4;

    /** But so many for each that is out, or fits into a batch, and so many at all. */
    private static final int ENOUGH_OF_MANY = 2;

    private static final int LEAST = 32;

    final int limit;
    private final int batchSize;
    final Pace pace;
    int running;
    int holds;
    boolean shut;
    boolean probe;
    /** Waits for its {@link Pace}. */
    boolean paced;

    private boolean hadEnough;

    boolean inTurn;
    boolean forgotten;
    /** In the order in which addresses became known; 0: it is not yet. */
    int number;

    /**
     * @param limit calls that may be out at once
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

    /** Whether nothing waits for the address and nothing is out. */
    boolean isEmpty() {
        return lanes.values().stream().allMatch(Map::isEmpty) && stock.lanes() == 0 && stock.deliveries() == 0;
    }

    /**
     * Whether the address is busy with what is ready for a while: enough deliveries, in so many lanes that it stays so while
     * they go out. Until half of it is gone.
     *
     * @param busy addresses that have something out, this one or not; at least 1
     * @param allowed calls that may be out at once, over all of them; at least 1
     */
    boolean hasEnough(int busy, int allowed) {
        int mostOut = Math.min(limit, allowed);
        int itsPart = Math.min(limit, Math.max(1, allowed / busy));
        boolean manyLanes = running + stock.lanes() >= itsPart + itsPart / 4;
        long enough = Math.max(
                Math.max((long) ENOUGH * mostOut, (long) ENOUGH_IN_BATCHES * batchSize) / busy,
                Math.max(LEAST, (long) ENOUGH_OF_MANY * Math.max(itsPart, batchSize)));
        boolean anyWaits = batches == null || batches.any(); // where no partition has a full batch, more may fill one
        hadEnough = manyLanes && anyWaits && stock.deliveries() >= (hadEnough ? enough / 2 : enough);
        return hadEnough;
    }

    /**
     * Puts a delivery at the end of its lane.
     *
     * @return whether more could go out than before
     */
    boolean add(Queued delivery) {
        Lane lane = laneOf(delivery);
        if (lane == null) {
            ready.addLast(open(delivery));
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
     * Takes a delivery that was out from the head of its lane.
     *
     * @return whether more could go out than before
     */
    boolean remove(Queued delivery) {
        Lane lane = laneOf(delivery);
        if (lane == null) {
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

    /** A delivery of a batch that was out is to go by itself, before what follows it in its lane. */
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
     * A delivery that rested could go out again, with what it went out with and nothing else.
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
     * Begins what is ready first, and what goes out with it.
     *
     * @return null: nothing is
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

    void withdraw(Object scope) {
        lanes.remove(scope);
        ready.removeIf(lane -> lane.scope == scope);
    }

    /** Takes back what of this scope has not begun, and has not been out in a batch. */
    List<Queued> unload(Object scope) {
        List<Queued> unloaded = new ArrayList<>();
        for (Lane lane : lanes.getOrDefault(scope, Map.of()).values()) {
            if (!isUntouched(lane)) {
                lane.moveAfter(lane.begun, unloaded);
            }
        }
        ready.removeIf(lane -> lane.scope == scope && isUntouched(lane) && close(lane, unloaded));
        return unloaded;
    }

    /** Takes back all of this scope that is not out. Nothing more may be added. */
    List<Queued> retire(Object scope) {
        List<Queued> taken = unload(scope);
        ready.removeIf(lane -> lane.scope == scope
                && taken.addAll(lane.deliveries.getFirst().together())); // a batch that was to go out again
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
        String orderKey = delivery.orderKey();
        if (orderKey != null) {
            lanes.computeIfAbsent(delivery.scope(), scope -> new HashMap<>()).put(orderKey, lane);
        }
        return lane;
    }

    private @Nullable Lane laneOf(Queued delivery) {
        Map<String, Lane> ofScope = lanes.get(delivery.scope());
        return ofScope == null || delivery.orderKey() == null ? null : ofScope.get(delivery.orderKey());
    }

    private void forget(Queued delivery) {
        Map<String, Lane> ofScope = lanes.get(delivery.scope());
        if (ofScope != null && delivery.orderKey() != null) {
            ofScope.remove(delivery.orderKey());
        }
    }
}
