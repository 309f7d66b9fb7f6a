package io.mqttrelay.dispatch.lane;

/** How much of an address is ready, over all its scopes. Guarded by the lock of {@link Lanes}. */
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

    /** In all these lanes. */
    int deliveries() {
        return deliveries;
    }
}
