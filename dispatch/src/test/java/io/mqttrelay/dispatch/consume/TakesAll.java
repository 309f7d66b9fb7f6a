package io.mqttrelay.dispatch.consume;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Destinations;
import java.util.Collection;
import java.util.Set;

/** Addresses that could always take more; none is ever added, removed or full. */
public abstract class TakesAll implements ConsumerLoop.Records, Destinations {
    @Override
    public final Destinations destinations() {
        return this;
    }

    @Override
    public boolean takes(long address) {
        return true;
    }

    @Override
    public boolean hasEnough(long address) {
        return false;
    }

    @Override
    public void accepted() {}

    @Override
    public void unload(Assignment assignment, long address) {
        throw new AssertionError("nobody is ever full");
    }

    @Override
    public Set<String> lanesOfLongCalls(Assignment assignment, long address) {
        return Set.of();
    }

    @Override
    public void unloadLanes(Assignment assignment, long address, Set<String> orderKeys, boolean resting) {
        throw new AssertionError("nobody is ever full");
    }

    @Override
    public void takeBack(Assignment assignment, long address) {}

    @Override
    public boolean hasCallsOfReplaced(long address) {
        return false;
    }

    @Override
    public void switchOver(long address) {}

    @Override
    public void switchOverAllBut(Set<Long> addresses) {}

    @Override
    public void withdraw(Collection<Assignment> ended) {}

    @Override
    public void cancelWithdrawn() {}

    @Override
    public Set<Long> slowAddresses() {
        return Set.of();
    }
}
