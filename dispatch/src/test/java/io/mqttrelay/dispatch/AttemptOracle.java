package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tells which messages of a simulation may have become dead letters: decision 073, written a second time. It allows a
 * little more, since it does not see restarts.
 */
final class AttemptOracle {
    private static final class Tried {
        private int mayCount;
        private boolean failed;
        private long firstFailure;
        private long previousStart = -1;
        private long start = -1;
    }

    private final LongSupplier millis;
    private final Map<String, Route> routes = new HashMap<>();
    private final Map<String, Tried> tried = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Long> lastAccepted = new HashMap<>();
    private long events;

    /** @param millis the simulation's wall clock */
    AttemptOracle(LongSupplier millis) {
        this.millis = millis;
    }

    void expect(String address, Route route) {
        routes.put(address, route);
    }

    void begins(String address, String id) {
        Tried of = of(address, id);
        of.previousStart = of.start;
        of.start = ++events;
    }

    void accepted(String address) {
        lastAccepted.put(address, ++events);
    }

    void refused(String address, String id) {
        refused.add(address + " " + id);
    }

    /** Notes a failed call with this message and others: it does not count, but the message's time begins. */
    void failedTogether(String address, String id) {
        Tried of = of(address, id);
        if (!of.failed) {
            of.failed = true;
            of.firstFailure = millis.getAsLong();
        }
    }

    /** Notes a failed call with this message alone. */
    void failed(String address, String id, Cause cause) {
        failedTogether(address, id);
        Tried of = of(address, id);
        long since = of.previousStart < 0 ? of.start : of.previousStart;
        boolean witnessed = lastAccepted.getOrDefault(address, -1L) > since;
        boolean counts = cause == Cause.EITHER
                || holdFor(address) == 0
                || (witnessed && (cause == Cause.ADDRESS || hadItsTime(address, of)));
        of.mayCount += counts ? 1 : 0;
    }

    /** Whether the message may have become a dead letter, by the answers of its address. */
    boolean mayBeDead(String address, String id) {
        Tried of = of(address, id);
        return refused.contains(address + " " + id)
                || of.mayCount
                        > routes.get(address).destinations().get(0).retry().retries()
                || (of.failed && hadItsTime(address, of));
    }

    private boolean hadItsTime(String address, Tried of) {
        return millis.getAsLong() - of.firstFailure >= holdFor(address);
    }

    private long holdFor(String address) {
        return routes.get(address).destinations().get(0).retry().holdFor().toMillis();
    }

    private Tried of(String address, String id) {
        return tried.computeIfAbsent(address + " " + id, unused -> new Tried());
    }
}
