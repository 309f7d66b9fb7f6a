package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lanes of one address whose first delivery may go out: those ready for longest come first, and live ones before those
 * that may be {@link Queued#later}, of which every fourth start is one nevertheless. Guarded by the lock of {@link Lanes}.
 */
final class ReadyLanes {
    private static final int LIVE_BETWEEN = 3;

    private final ArrayDeque<Lane> live = new ArrayDeque<>();
    private final ArrayDeque<Lane> later = new ArrayDeque<>();
    private int liveInRow;
    private int deliveries;

    void addLast(Lane lane) {
        of(lane.later).addLast(lane);
        added(lane);
    }

    void addFirst(Lane lane) {
        of(lane.later).addFirst(lane);
        added(lane);
    }

    private void added(Lane lane) {
        lane.ready = true;
        deliveries += lane.deliveries.size();
    }

    /** A lane that is in here has got one more. */
    void grew() {
        deliveries++;
    }

    /** In all its lanes. */
    int deliveries() {
        return deliveries;
    }

    int lanes() {
        return live.size() + later.size();
    }

    boolean isEmpty() {
        return live.isEmpty() && later.isEmpty();
    }

    @Nullable
    Lane pollFirst() {
        boolean takesLater = !later.isEmpty() && (live.isEmpty() || liveInRow == LIVE_BETWEEN);
        liveInRow = takesLater || later.isEmpty() ? 0 : liveInRow + 1;
        return pollFirst(takesLater);
    }

    /** The first of those that may be later, or of the others. */
    @Nullable
    Lane pollFirst(boolean ofLater) {
        Lane lane = of(ofLater).pollFirst();
        if (lane != null) {
            lane.ready = false;
            deliveries -= lane.deliveries.size();
        }
        return lane;
    }

    void removeIf(Predicate<Lane> gone) {
        live.removeIf(gone);
        later.removeIf(gone);
        deliveries = 0;
        live.forEach(lane -> deliveries += lane.deliveries.size());
        later.forEach(lane -> deliveries += lane.deliveries.size());
    }

    private ArrayDeque<Lane> of(boolean ofLater) {
        return ofLater ? later : live;
    }
}
