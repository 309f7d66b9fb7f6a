package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.sink.Sink;

/**
 * One address of one route, with everything that deliveries to it need; lives until a reload changes or removes the
 * address.
 */
public final class Target {
    private final long key;
    private final Route route;
    private final Sink sink;
    private final LaneAddress lanes;
    private final Throttle throttle;
    private final RetryPolicy retries;
    private final Acceptances acceptances = new Acceptances();
    private final AttemptRule rule;
    private final AddressLog log;
    private final AddressBreaker breaker;
    private final RetryAfterWait retryAfter = new RetryAfterWait();
    private volatile Labelled labelled;

    /** The address with the meters of its label. */
    private record Labelled(Address address, DeliveryMeters meters) {}

    /**
     * @param key names it in commits; unique
     * @param throttle limits how fast its calls may begin
     */
    public Target(
            long key,
            Route route,
            Address address,
            Sink sink,
            Throttle throttle,
            DeliveryMeters meters,
            AddressLog log) {
        this.key = key;
        this.route = route;
        this.labelled = new Labelled(address, meters);
        this.sink = sink;
        this.throttle = throttle;
        this.lanes = new LaneAddress(route.maxInFlight(), throttle, route.batch());
        this.retries = new RetryPolicy(route.retry(), route.retryBackoff());
        this.rule = new AttemptRule(route.holdFor(), acceptances);
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
        return labelled.address();
    }

    /**
     * Counts by another label from now on. Any thread.
     *
     * @param same the address, with the label that it has among the addresses that its route has now
     */
    public void relabel(Address same, DeliveryMeters meters) {
        labelled = new Labelled(same, meters);
    }

    public LaneAddress lanes() {
        return lanes;
    }

    public DeliveryMeters meters() {
        return labelled.meters();
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

    Throttle throttle() {
        return throttle;
    }

    Acceptances acceptances() {
        return acceptances;
    }

    AttemptRule rule() {
        return rule;
    }
}
