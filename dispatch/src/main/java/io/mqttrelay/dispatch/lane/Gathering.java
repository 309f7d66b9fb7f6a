package io.mqttrelay.dispatch.lane;

import io.mqttrelay.common.config.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What of an address goes out together: from each ready lane as many deliveries from its head as fit, of one scope, so that
 * a batch is taken back as a whole. It lingers for more as long as fewer are ready than fit. Guarded by the lock of
 * {@link Lanes}.
 */
final class Gathering {
    /** Lanes of other scopes and what does not fit are looked past, but not without end. */
    private static final int LOOKS_PER_MESSAGE = 4;

    private final Batch bounds;
    private final ReadyLanes ready;

    private boolean ripe;
    private boolean lingering;
    private int lingers;

    Gathering(Batch bounds, ReadyLanes ready) {
        this.bounds = bounds;
        this.ready = ready;
    }

    /** What is ready need not wait for more. */
    boolean isRipe() {
        return ripe;
    }

    /**
     * More is ready.
     *
     * @param atOnce it has waited before
     * @return whether a linger begins: after {@link #lingerNanos} it is {@link #lingered}
     */
    boolean added(boolean atOnce) {
        if (ripe) {
            return false;
        }
        if (atOnce || bounds.linger().isZero() || ready.deliveries() >= bounds.maxMessages()) {
            ripe = true;
            lingering = false;
            return false;
        }
        boolean begins = !lingering;
        lingering = true;
        lingers += begins ? 1 : 0;
        return begins;
    }

    long lingerNanos() {
        return bounds.linger().toNanos();
    }

    /** Which linger it is, for {@link #lingered}. */
    int linger() {
        return lingers;
    }

    void lingered(int linger) {
        if (lingering && linger == lingers) {
            lingering = false;
            ripe = !ready.isEmpty();
        }
    }

    /** Closes the lanes of what goes out with the first of this lane, which is not in the ready ones any more. */
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
                if (lane.scope == first.scope && lane.begun == 0) {
                    bytes = take(lane, members, bytes);
                }
                if (members.size() == before) {
                    passed.push(lane);
                }
            }
            passed.forEach(ready::addFirst);
        }
        left();
        return members;
    }

    /** Something left the ready lanes. */
    void left() {
        if (ready.isEmpty()) {
            ripe = false;
        }
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
