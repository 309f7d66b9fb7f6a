package io.mqttrelay.dispatch.lane;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ready lanes of an address without batches, or of one scope of an address with batches. Guarded by the lock of
 * {@link Lanes}.
 */
final class ReadyLanes implements Ready {
    private final Stock stock;
    private final LiveFirst<Lane> lanes = new LiveFirst<>();
    private int deliveries;

    /** @param stock of the address: these lanes are part of it */
    ReadyLanes(Stock stock) {
        this.stock = stock;
    }

    @Override
    public void addLast(Lane lane) {
        lanes.addLast(lane, lane.later);
        added(lane);
    }

    void addFirst(Lane lane) {
        lanes.addFirst(lane, lane.later);
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

    /** Deliveries in all these lanes. */
    int deliveries() {
        return deliveries;
    }

    @Override
    public boolean any() {
        return !lanes.isEmpty();
    }

    /** Whether a lane in here is live. */
    boolean anyLive() {
        return lanes.hasLive();
    }

    @Override
    public @Nullable Lane pollFirst() {
        return polled(lanes.pollFirst());
    }

    /** Takes the first lane of the live or of the later ones. */
    @Nullable
    Lane pollFirst(boolean ofLater) {
        return polled(lanes.pollFirst(ofLater));
    }

    private @Nullable Lane polled(@Nullable Lane lane) {
        if (lane != null) {
            lane.ready = false;
            count(-1, -lane.deliveries.size());
        }
        return lane;
    }

    @Override
    public void removeIf(Predicate<Lane> gone) {
        int lanesBefore = lanes.size();
        int deliveriesBefore = deliveries;
        lanes.removeIf(gone);
        deliveries = 0; // a removed lane may have no deliveries by now
        lanes.forEach(lane -> deliveries += lane.deliveries.size());
        stock.add(lanes.size() - lanesBefore, deliveries - deliveriesBefore);
    }
}
