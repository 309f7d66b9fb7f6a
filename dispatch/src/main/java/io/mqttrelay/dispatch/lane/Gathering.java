package io.mqttrelay.dispatch.lane;

import io.mqttrelay.common.config.destination.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the deliveries of one address and scope that go out in one batch: from the head of each ready lane as many
 * as fit. The batch goes when it is full, or when the linger time of its first delivery is over; then all ready
 * deliveries go. Guarded by the lock of {@link Lanes}.
 */
final class Gathering {
    /** Lanes whose head does not fit are passed over, at most this many per message. */
    private static final int LOOKS_PER_MESSAGE = 4;

    final Object scope;
    final ReadyLanes ready;
    private final Batch bounds;

    /** All deliveries here may go: the linger time is over, or there is none. */
    private boolean due;

    private boolean lingering;
    private int lingers;

    /** Whether this is in the queue of ripe ones: see {@link ReadyBatches}. */
    boolean queued;

    Gathering(Object scope, Batch bounds, Stock stock) {
        this.scope = scope;
        this.bounds = bounds;
        this.ready = new ReadyLanes(stock);
    }

    /** Whether a delivery may go out. */
    boolean isRipe() {
        return ready.any() && (due || ready.deliveries() >= bounds.maxMessages());
    }

    /**
     * Notes that more deliveries are ready.
     *
     * @param atOnce no linger: the delivery has waited before
     * @return whether a linger begins; when it is over, call {@link #lingered}
     */
    boolean added(boolean atOnce) {
        due |= atOnce || bounds.linger().isZero();
        boolean begins = !due && !lingering;
        if (begins) {
            lingering = true;
            lingers++;
        }
        return begins;
    }

    /** The number of the current linger, for {@link #lingered}: an old one does not end the next. */
    int linger() {
        return lingers;
    }

    void lingered(int linger) {
        if (lingering && linger == lingers) {
            lingering = false;
            due = true;
        }
    }

    /** Notes that a lane left the ready lanes. */
    void left() {
        if (!ready.any()) {
            due = false;
            lingering = false;
        }
    }

    /**
     * Collects the deliveries that go out with the first of this lane, and marks them as begun. The lane is no longer
     * in the ready lanes.
     */
    List<Queued> gather(Lane first) {
        List<Queued> members = new ArrayList<>();
        long bytes = take(first, members, 0);
        if (!members.get(0).alone()) {
            ArrayDeque<Lane> passed = new ArrayDeque<>();
            for (int looks = LOOKS_PER_MESSAGE * bounds.maxMessages();
                    looks > 0 && members.size() < bounds.maxMessages();
                    looks--) {
                Lane lane = ready.pollFirst(first.later);
                if (lane == null) {
                    break;
                }
                int before = members.size();
                if (lane.begun == 0) {
                    bytes = take(lane, members, bytes);
                }
                if (members.size() == before) {
                    passed.push(lane);
                }
            }
            passed.forEach(ready::addFirst);
        }
        return members;
    }

    private long take(Lane lane, List<Queued> members, long bytes) {
        long sum = bytes;
        for (Queued delivery : lane.deliveries) {
            boolean first = members.isEmpty();
            boolean fits = !delivery.alone()
                    && members.size() < bounds.maxMessages()
                    && sum + delivery.bytes() <= bounds.maxBytes();
            if (!first && !fits) {
                break;
            }
            members.add(delivery);
            sum += delivery.bytes();
            lane.begun++;
            if (delivery.alone()) {
                break;
            }
        }
        return sum;
    }
}
