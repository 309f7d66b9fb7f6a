package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.sink.Sink;

/** One address of one route, with all that delivering to it needs; lives until a reload changes or takes the address. */
public final class Target {
    private final long key;
    private final Route route;
    private final Address address;
    private final Sink sink;
    private final LaneAddress lanes;
    private final RetryPolicy retries;
    private final DeliveryMeters meters;
    private final AddressLog log;
    private final AddressBreaker breaker;
    private final RetryAfterWait retryAfter = new RetryAfterWait();

    /** @param key names it in commits; unique */
    public Target(
            long key,
            Route route,
            Address address,
            Sink sink,
            LaneAddress lanes,
            DeliveryMeters meters,
            AddressLog log) {
        this.key = key;
        this.route = route;
        this.address = address;
        this.sink = sink;
        this.lanes = lanes;
        this.retries = new RetryPolicy(route.retry(), route.retryBackoff());
        this.meters = meters;
        this.log = log;
        this.breaker = new AddressBreaker(log.name(), route.circuitBreaker());
    }

    public long key() {
        return key;
    }

    public Route route() {
        return route;
    }

    public Address address() {
        return address;
    }

    public LaneAddress lanes() {
        return lanes;
    }

    public DeliveryMeters meters() {
        return meters;
    }

    public AddressBreaker breaker() {
        return breaker;
    }

    public RetryAfterWait retryAfter() {
        return retryAfter;
    }

    public AddressLog log() {
        return log;
    }

    Sink sink() {
        return sink;
    }

    RetryPolicy retries() {
        return retries;
    }
}
