package io.mqttrelay.dispatch.lane;

/** Number of ready lanes and deliveries of an address, over all its scopes. Guarded by the lock of {@link Lanes}. */
final class Stock {
    private int lanes;
    private int deliveries;

    void add(int moreLanes, int moreDeliveries) {
        lanes += moreLanes;
        deliveries += moreDeliveries;
    }

    int lanes() {
        return lanes;
    }

    /** Deliveries in all these lanes. */
    int deliveries() {
        return deliveries;
    }
}
