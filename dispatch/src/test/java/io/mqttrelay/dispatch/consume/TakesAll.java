package io.mqttrelay.dispatch.consume;

import io.mqttrelay.dispatch.position.Assignment;
import java.util.Collection;
import java.util.Set;

/** Addresses that could always take more; none is ever added, removed or full. */
public abstract class TakesAll implements ConsumerLoop.Records {
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
    public void unloadLanes(Assignment assignment, long address, Set<String> lanes, boolean resting) {
        throw new AssertionError("nobody is ever full");
    }

    @Override
    public void retire(Assignment assignment, long address) {}

    @Override
    public boolean isOut(long address) {
        return false;
    }

    @Override
    public void retired(long address) {}

    @Override
    public void retiredBut(Set<Long> addresses) {}

    @Override
    public void withdraw(Collection<Assignment> ended) {}

    @Override
    public void cancel(Collection<Assignment> ended) {}

    @Override
    public SlowCalls slowCalls() {
        return new SlowCalls(Set.of());
    }

    @Override
    public void drain(Assignment assignment, long address) {}
}
