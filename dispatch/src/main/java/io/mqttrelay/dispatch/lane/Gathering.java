package io.mqttrelay.dispatch.lane;

import io.mqttrelay.common.config.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What of one address and scope goes out together: from each ready lane as many deliveries from its head as fit. It goes when
 * there are as many as a batch may have, or when the first that came after there was nothing has lingered for more; then all
 * goes that is there. Guarded by the lock of {@link Lanes}.
 */
final class Gathering {
    /** What does not fit is looked past, but not without end. */
    private static final int LOOKS_PER_MESSAGE = 4;

    final Object scope;
    final ReadyLanes ready;
    private final Batch bounds;

    /** All that is here is to go: it has lingered, or shall not. */
    private boolean due;

    private boolean lingering;
    private int lingers;

    /** It is among those whose turn comes: see {@link ReadyBatches}. */
    boolean queued;

    Gathering(Object scope, Batch bounds, Stock stock) {
        this.scope = scope;
        this.bounds = bounds;
        this.ready = new ReadyLanes(stock);
    }

    /** Whether something may go out. */
    boolean isRipe() {
        return ready.any() && (due || ready.deliveries() >= bounds.maxMessages());
    }

    /**
     * More is ready.
     *
     * @param atOnce it has waited before
     * @return whether a linger begins: when it is over, it is {@link #lingered}
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

    /** Which linger it is, for {@link #lingered}: one that is over is not taken for the next. */
    int linger() {
        return lingers;
    }

    void lingered(int linger) {
        if (lingering && linger == lingers) {
            lingering = false;
            due = true;
        }
    }

    /** Something left the ready lanes. */
    void left() {
        if (!ready.any()) {
            due = false;
            lingering = false;
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
