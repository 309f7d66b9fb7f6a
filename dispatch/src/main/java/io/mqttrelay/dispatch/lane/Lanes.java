package io.mqttrelay.dispatch.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Queues deliveries so that those of one lane never overtake each other. A lane is an address and an order key: one of
 * its deliveries is in flight or waits for a retry at a time, and the next follows when it has ended. Lanes of one
 * address are in flight in parallel up to the limit of the address, and addresses up to the limit of the dispatcher. If
 * there are more, addresses take turns, and none takes all calls ({@link FairScheduler}). If the address has batches, a delivery
 * that starts takes others along ({@link ReadyBatches}), and represents them until it ends. Any thread.
 *
 * <pre>
 *   submit -> [waiting in its lane] -> ready -> running -> ended -> the lane's next is ready
 *                                        ^         |
 *                                      resume <-- rest (the lane stays closed, the call is free)
 * </pre>
 *
 * <p>A thread that has finished one delivery takes the next from {@link #ended} or {@link #rest}; {@link Starter} is asked
 * for another thread only when more calls may be in flight.
 *
 * @param <D> the deliveries in the lanes
 */
public final class Lanes<D extends Queued> {
    /** Begins a delivery on its own thread. Must not block and must not call back into the lanes. */
    public interface Starter<D> {
        void start(D delivery);
    }

    /** Runs a task on its own thread after this many nanoseconds. Must not block. */
    public interface Timer {
        void after(long nanos, Runnable task);
    }

    /**
     * The traffic through the lanes.
     *
     * @param running deliveries in flight; a batch counts as one
     * @param ended number that have ended, or gone to rest, since the lanes were made
     */
    public record Traffic(int running, long ended) {}

    private final Object lock = new Object();
    private final List<LaneAddress> addresses = new ArrayList<>();
    private final FairScheduler scheduler;
    private final Starting<D> starting;

    /** @param limit calls that may be in flight at once, over all addresses */
    public Lanes(int limit, Starter<D> starter, Timer timer) {
        this.scheduler = new FairScheduler(limit);
        this.starting = new Starting<>(lock, scheduler, starter, timer);
    }

    /** Adds each delivery at the end of its lane. */
    public void submit(List<D> deliveries) {
        List<D> started;
        synchronized (lock) {
            boolean more = false;
            for (D delivery : deliveries) {
                LaneAddress address = delivery.address();
                know(address);
                if (address.add(delivery)) {
                    more(address, delivery, false);
                    more = true;
                }
            }
            if (!more) {
                return;
            }
            started = starting.allThatMayStart();
        }
        starting.start(started);
    }

    /**
     * Ends a delivery that was in flight.
     *
     * @return the next delivery for the calling thread
     */
    public Optional<D> ended(D delivery) {
        LaneAddress address = delivery.address();
        return starting.free(address, () -> {
            boolean more = false;
            for (Queued each : delivery.together()) {
                more |= address.remove(each);
            }
            if (more) {
                more(address, delivery, false);
            }
        });
    }

    /**
     * Ends a batch without a decision: each of its deliveries goes out again {@link Queued#alone}.
     *
     * @param batch at least one
     * @return the next delivery for the calling thread
     */
    public Optional<D> apart(List<D> batch) {
        LaneAddress address = batch.get(0).address();
        return starting.free(address, () -> {
            batch.forEach(address::separate);
            more(address, batch.get(0), true);
        });
    }

    /**
     * Lets a delivery wait for its retry: its call no longer counts, its lane stays closed until {@link #resume}.
     *
     * @return the next delivery for the calling thread
     */
    public Optional<D> rest(D delivery) {
        return starting.free(delivery.address(), () -> {});
    }

    /** Takes back a resting delivery, with the others of its call: its lanes are open for later submissions. */
    public void takenBack(D resting) {
        LaneAddress address = resting.address();
        starting.change(address, () -> {
            boolean more = false;
            for (Queued each : resting.together()) {
                more |= address.remove(each);
            }
            if (more) {
                more(address, resting, false);
            }
        });
    }

    /** Ends the wait of a resting delivery. */
    public void resume(D delivery) {
        LaneAddress address = delivery.address();
        starting.change(address, () -> {
            if (address.again(delivery)) {
                more(address, delivery, true);
            }
        });
    }

    /** Stops new calls to the address until as many {@link #release}s. Calls in flight continue. */
    public void hold(LaneAddress address) {
        synchronized (lock) {
            address.holds++;
        }
    }

    /** Takes one {@link #hold} back. */
    public void release(LaneAddress address) {
        starting.change(address, () -> {
            address.holds--;
        });
    }

    /** Returns the permission of a start that sent nothing, so that an excluded message uses up no rate. */
    public void giveBack(LaneAddress address) {
        if (address.pace.giveBack()) {
            starting.wake(address);
        }
    }

    /** Stops new calls to the address, except one for each {@link #probe}, until {@link #open}. */
    public void shut(LaneAddress address) {
        synchronized (lock) {
            address.shut = true;
            address.probe = false;
        }
    }

    /** Lets one delivery out to an address that is shut: the first that is ready, now or later. */
    public void probe(LaneAddress address) {
        starting.change(address, () -> {
            address.probe = address.shut;
        });
    }

    /** Ends the effect of {@link #shut}. */
    public void open(LaneAddress address) {
        starting.change(address, () -> {
            address.shut = false;
            address.probe = false;
        });
    }

    /**
     * Sets how many calls may be in flight at once, over all addresses: at least one, and at most the limit, which is
     * the first value. Excess calls in flight continue until they end.
     */
    public void allow(int calls) {
        List<D> started;
        synchronized (lock) {
            scheduler.allow(calls);
            started = starting.allThatMayStart();
        }
        starting.start(started);
    }

    /** Stops or allows new calls of all addresses; calls in flight continue. */
    public void close(boolean closed) {
        List<D> started;
        synchronized (lock) {
            scheduler.close(closed);
            started = starting.allThatMayStart();
        }
        starting.start(started);
    }

    public Traffic traffic() {
        synchronized (lock) {
            return new Traffic(scheduler.running(), scheduler.ended());
        }
    }

    /** Whether no call, or only a probe, goes out to the address at present. */
    public boolean isHeld(LaneAddress address) {
        synchronized (lock) {
            return address.isHeld();
        }
    }

    /** Whether enough deliveries are ready for the address that no more need be submitted now. */
    public boolean hasEnough(LaneAddress address) {
        synchronized (lock) {
            return address.hasEnough(scheduler.busy(), scheduler.allowed());
        }
    }

    /** Whether no other lane of the address has a delivery, so that none can be tried in place of this one. */
    public boolean isAlone(D delivery) {
        synchronized (lock) {
            return delivery.address().isAlone(delivery);
        }
    }

    /**
     * Forgets the deliveries that wait in lanes of these scopes. Deliveries in flight stay in flight until they end or
     * rest.
     */
    public void withdraw(Set<?> scopes) {
        synchronized (lock) {
            addresses.forEach(address -> address.withdraw(scopes));
        }
    }

    /**
     * Takes back the deliveries of this scope and address that have not begun: all except those that are in flight,
     * rest, or have been in a batch that went out.
     *
     * @return the deliveries, in no particular order
     */
    @SuppressWarnings("unchecked") // only a D is ever added
    public List<D> unload(LaneAddress address, Object scope) {
        synchronized (lock) {
            return (List<D>) address.unload(scope);
        }
    }

    /** Takes back the same deliveries of some lanes, by their order keys. */
    @SuppressWarnings("unchecked") // only a D is ever added
    public List<D> unload(LaneAddress address, Object scope, Set<String> orderKeys) {
        synchronized (lock) {
            return (List<D>) address.unload(scope, orderKeys);
        }
    }

    /**
     * Takes back all deliveries of this scope and address that are neither in flight nor resting.
     *
     * @return the deliveries, in no particular order
     */
    @SuppressWarnings("unchecked") // only a D is ever added
    public List<D> retire(LaneAddress address, Object scope) {
        synchronized (lock) {
            return (List<D>) address.retire(scope);
        }
    }

    /** Removes an address that gets no more deliveries. */
    public void forget(LaneAddress address) {
        synchronized (lock) {
            if (addresses.remove(address)) {
                scheduler.forget(address);
            }
        }
    }

    /** Calls to the address in flight. */
    public int running(LaneAddress address) {
        synchronized (lock) {
            return address.running;
        }
    }

    /** Reserves calls for an address before it has deliveries. */
    public void expect(LaneAddress address) {
        synchronized (lock) {
            know(address);
        }
    }

    private void know(LaneAddress address) {
        if (address.number == 0) {
            address.number = scheduler.know();
            addresses.add(address);
        }
    }

    /**
     * Notes that more deliveries of the address could go out.
     *
     * @param of one of its deliveries
     * @param atOnce no linger: it has waited before
     */
    private void more(LaneAddress address, D of, boolean atOnce) {
        ReadyBatches batches = address.batches;
        Runnable lingered = batches == null ? null : batches.added(of.scope(), atOnce);
        if (batches != null && lingered != null) {
            starting.after(batches.lingerNanos(), () -> starting.change(address, lingered));
        }
        scheduler.offer(address);
    }
}
