package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those ready for longest come first, and live ones before those that may be {@link Queued#later}, of which every fourth
 * start is one nevertheless.
 */
final class ReadyLanes implements Ready {
    private static final int LIVE_BETWEEN = 3;

    private final Stock stock;
    private final ArrayDeque<Lane> live = new ArrayDeque<>();
    private final ArrayDeque<Lane> later = new ArrayDeque<>();
    private int liveInRow;
    private int deliveries;

    /** @param stock of the address: these are part of it */
    ReadyLanes(Stock stock) {
        this.stock = stock;
    }

    @Override
    public void addLast(Lane lane) {
        of(lane.later).addLast(lane);
        added(lane);
    }

    void addFirst(Lane lane) {
        of(lane.later).addFirst(lane);
        added(lane);
    }

    private void added(Lane lane) {
        lane.ready = true;
        count(1, lane.deliveries.size());
    }

    @Override
    public void grew(Lane lane) {
        count(0, 1);
    }

    private void count(int moreLanes, int moreDeliveries) {
        deliveries += moreDeliveries;
        stock.add(moreLanes, moreDeliveries);
    }

    /** In all its lanes. */
    int deliveries() {
        return deliveries;
    }

    @Override
    public boolean any() {
        return !live.isEmpty() || !later.isEmpty();
    }

    @Override
    public @Nullable Lane pollFirst() {
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
            count(-1, -lane.deliveries.size());
        }
        return lane;
    }

    @Override
    public void removeIf(Predicate<Lane> gone) {
        int lanesBefore = lanes();
        live.removeIf(gone);
        later.removeIf(gone);
        int left = 0; // what is gone may be without deliveries by now
        for (Lane lane : live) {
            left += lane.deliveries.size();
        }
        for (Lane lane : later) {
            left += lane.deliveries.size();
        }
        count(lanes() - lanesBefore, left - deliveries);
    }

    private int lanes() {
        return live.size() + later.size();
    }

    private ArrayDeque<Lane> of(boolean ofLater) {
        return ofLater ? later : live;
    }
}
