package io.mqttrelay.dispatch.lane;

import io.mqttrelay.common.config.destination.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ready lanes of an address with batches. Each scope collects its own batches, so that a batch is taken back as a
 * whole; scopes with a ripe batch take turns. Guarded by the lock of {@link Lanes}.
 */
final class ReadyBatches implements Ready {
    private final Batch bounds;
    private final Stock stock;
    private final Map<Object, Gathering> gatherings = new LinkedHashMap<>();
    private final LiveFirst<Gathering> ripe = new LiveFirst<>();

    /** @param stock of the address */
    ReadyBatches(Batch bounds, Stock stock) {
        this.bounds = bounds;
        this.stock = stock;
    }

    @Override
    public void addLast(Lane lane) {
        of(lane).ready.addLast(lane);
    }

    @Override
    public void grew(Lane lane) {
        of(lane).ready.grew(lane);
    }

    private Gathering of(Lane lane) {
        return gatherings.computeIfAbsent(lane.scope, scope -> new Gathering(scope, bounds, stock));
    }

    /**
     * Notes that more deliveries of a scope are ready.
     *
     * @param atOnce no linger: it has waited before
     * @return the task to run after {@link #lingerNanos}, when the linger is over; null: no linger begins
     */
    @Nullable
    Runnable added(Object scope, boolean atOnce) {
        Gathering gathering = gatherings.get(scope);
        if (gathering == null) {
            return null;
        }
        boolean lingers = gathering.added(atOnce);
        ripen(gathering);
        int linger = gathering.linger();
        return lingers ? () -> lingered(gathering, linger) : null;
    }

    long lingerNanos() {
        return bounds.linger().toNanos();
    }

    private void lingered(Gathering gathering, int linger) {
        gathering.lingered(linger);
        ripen(gathering);
    }

    private void ripen(Gathering gathering) {
        if (!gathering.queued && gathering.isRipe()) {
            gathering.queued = true;
            ripe.addLast(gathering, !gathering.ready.anyLive());
        }
    }

    @Override
    public boolean any() {
        return !ripe.isEmpty();
    }

    @Override
    public @Nullable Lane pollFirst() {
        Gathering first = ripe.pollFirst();
        if (first == null) {
            return null;
        }
        first.queued = false;
        return first.ready.pollFirst();
    }

    /**
     * Begins the lane that was polled.
     *
     * @return its first delivery and those that go with it, if it has not been out; null: it goes with the same
     *     deliveries as before
     */
    @Nullable
    List<Queued> begin(Lane lane) {
        Gathering gathering = of(lane);
        List<Queued> together = lane.begun == 0 ? gathering.gather(lane) : null;
        left(gathering);
        return together;
    }

    private void left(Gathering gathering) {
        gathering.left();
        if (!gathering.ready.any()) {
            gatherings.remove(gathering.scope);
        }
        ripen(gathering);
    }

    @Override
    public void removeIf(Predicate<Lane> gone) {
        gatherings.values().forEach(gathering -> gathering.ready.removeIf(gone));
        ripe.removeIf(gathering -> {
            gathering.queued = gathering.isRipe();
            return !gathering.queued;
        });
        List.copyOf(gatherings.values()).forEach(this::left);
    }
}
