package io.mqttrelay.dispatch.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts the deliveries of {@link Lanes} that may start. It selects them under the lock, after each change, and begins
 * them when the lock is released. Any thread.
 *
 * @param <D> the deliveries in the lanes
 */
final class Starting<D extends Queued> {
    private final Object lock;
    private final FairScheduler scheduler;
    private final Lanes.Starter<D> starter;
    private final Alarms alarms;

    /** @param lock of the lanes; it guards {@code scheduler}, too */
    Starting(Object lock, FairScheduler scheduler, Lanes.Starter<D> starter, Lanes.Timer timer) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.starter = starter;
        this.alarms = new Alarms(lock, timer);
    }

    /** Changes an address under the lock, and starts the deliveries that may start then. */
    void change(LaneAddress address, Runnable change) {
        List<D> started;
        synchronized (lock) {
            change.run();
            scheduler.offer(address);
            started = allThatMayStart();
        }
        start(started);
    }

    /**
     * Changes an address whose call has ended, and starts the deliveries that may start then.
     *
     * @return the next delivery for the calling thread
     */
    Optional<D> free(LaneAddress address, Runnable change) {
        List<D> started;
        synchronized (lock) {
            change.run();
            scheduler.freed(address);
            started = allThatMayStart();
        }
        return takeOne(started);
    }

    /** Lets a task run later; under the lock. */
    void after(long nanos, Runnable task) {
        alarms.want(nanos, task);
    }

    /** Starts each delivery on its own thread; without the lock. */
    void start(List<D> started) {
        started.forEach(starter::start);
        alarms.set();
    }

    /** Selects the deliveries that may start now: mostly one; under the lock. */
    List<D> allThatMayStart() {
        D first = next();
        if (first == null) {
            return List.of();
        }
        D second = next();
        if (second == null) {
            return List.of(first);
        }
        List<D> all = new ArrayList<>(List.of(first, second));
        for (D next = next(); next != null; next = next()) {
            all.add(next);
        }
        return all;
    }

    @SuppressWarnings("unchecked") // only a D is ever added
    private @Nullable D next() {
        for (LaneAddress address = scheduler.next(); address != null; address = scheduler.next()) {
            long wait = address.pace.take();
            Queued first = wait > 0 ? null : address.begin();
            if (first != null) {
                scheduler.started(address);
                return (D) first;
            }
            address.paced = true;
            LaneAddress waiting = address;
            alarms.want(wait, () -> wake(waiting));
        }
        return null;
    }

    /** Asks the pace of an address anew. */
    void wake(LaneAddress address) {
        change(address, () -> {
            address.paced = false;
        });
    }

    /** Keeps one for the calling thread, and starts the others on their own threads. */
    private Optional<D> takeOne(List<D> started) {
        alarms.set();
        int last = started.size() - 1;
        for (int i = 0; i < last; i++) {
            starter.start(started.get(i));
        }
        return last < 0 ? Optional.empty() : Optional.of(started.get(last));
    }
}
