package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.template.Condition;

/**
 * One destination, with everything that deliveries to it need; lives until a reload changes or removes the
 * address.
 */
public final class Target {
    private final long key;
    private final Sink sink;
    private final LaneAddress lanes;
    private final Throttle throttle;
    private final Condition condition;
    private final RetryPolicy retries;
    private final Acceptances acceptances = new Acceptances();
    private final AttemptRule rule;
    private final AddressLog log;
    private final AddressBreaker breaker;
    private final RetryAfterWait retryAfter = new RetryAfterWait();
    private volatile Labelled labelled;

    /** The destination with the meters of its label. */
    private record Labelled(Destination destination, DeliveryMeters meters) {}

    /**
     * @param key names it in commits; unique
     * @param throttle limits how fast its calls may begin
     */
    public Target(
            long key, Destination destination, Sink sink, Throttle throttle, DeliveryMeters meters, AddressLog log) {
        this.key = key;
        this.labelled = new Labelled(destination, meters);
        this.sink = sink;
        this.condition = Condition.of(destination.when(), destination.owner().appName());
        this.throttle = throttle;
        this.lanes = new LaneAddress(
                destination.calls().maxInFlight(),
                throttle,
                destination.request().batch());
        this.retries = new RetryPolicy(
                destination.retry().retries(), destination.retry().backoff());
        this.rule = new AttemptRule(destination.retry().holdFor(), acceptances);
        this.log = log;
        this.breaker = new AddressBreaker(log.name(), destination.calls().circuitBreaker());
    }

    public long key() {
        return key;
    }

    public String appId() {
        return destination().owner().appId();
    }

    public Destination destination() {
        return labelled.destination();
    }

    /**
     * Counts by another label from now on. Any thread.
     *
     * @param same the destination, with the label that it has among those that its route has now
     */
    public void relabel(Destination same, DeliveryMeters meters) {
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

    Condition condition() {
        return condition;
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
