package io.mqttrelay.dispatch.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may overtake what. A lane is an address and an order key: one delivery of it is out at a time, also while it waits
 * to be tried again, and the next follows when it has ended. Lanes of one address go out side by side up to the address's
 * limit, addresses side by side up to the dispatcher's; where there is not room for all, addresses take turns, and none
 * takes all ({@link Turns}). Where the address has batches, what starts takes others along ({@link ReadyBatches}); until it
 * ends it stands for all of them.
 *
 * <pre>
 *   submit -> [waiting in its lane] -> ready -> running -> ended -> the lane's next is ready
 *                                        ^         |
 *                                      resume <-- rest (the lane stays closed, the room is free)
 * </pre>
 *
 * <p>A thread that has finished one delivery takes the next from {@link #ended} or {@link #rest}; {@link Starter} is asked
 * for another thread only when there is room for more.
 *
 * @param <D> what stands in the lanes
 */
public final class Lanes<D extends Queued> {
    /** Begins a delivery on a thread of its own. Must not block and must not call back into the lanes. */
    public interface Starter<D> {
        void start(D delivery);
    }

    /** Runs a task on a thread of its own after so many nanoseconds. Must not block. */
    public interface Timer {
        void after(long nanos, Runnable task);
    }

    /**
     * What goes through the lanes.
     *
     * @param running deliveries that are out now; a batch is one
     * @param ended how many have ended since the lanes were made, or went to rest
     */
    public record Traffic(int running, long ended) {}

    private final Starter<D> starter;

    private final Object lock = new Object();
    private final List<LaneAddress> addresses = new ArrayList<>();
    private final Turns turns;
    private final Alarms alarms;

    /** @param limit calls that may be out at once, over all addresses */
    public Lanes(int limit, Starter<D> starter, Timer timer) {
        this.turns = new Turns(limit);
        this.starter = starter;
        this.alarms = new Alarms(lock, timer);
    }

    /** Puts each delivery at the end of its lane. */
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
            started = allThatMayStart();
        }
        start(started);
    }

    /**
     * A delivery that was out has ended for good.
     *
     * @return what the calling thread takes on next
     */
    public Optional<D> ended(D delivery) {
        LaneAddress address = delivery.address();
        return free(address, () -> {
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
     * A batch that was out has ended without a decision: each of its deliveries goes out again {@link Queued#alone}.
     *
     * @param batch at least one
     * @return what the calling thread takes on next
     */
    public Optional<D> apart(List<D> batch) {
        LaneAddress address = batch.get(0).address();
        return free(address, () -> {
            batch.forEach(address::separate);
            more(address, batch.get(0), true);
        });
    }

    /**
     * A delivery that was out waits to be tried again: its room is free, its lane stays closed until {@link #resume}.
     *
     * @return what the calling thread takes on next
     */
    public Optional<D> rest(D delivery) {
        return free(delivery.address(), () -> {});
    }

    private Optional<D> free(LaneAddress address, Runnable change) {
        List<D> started;
        synchronized (lock) {
            change.run();
            turns.freed(address);
            started = allThatMayStart();
        }
        return takeOne(started);
    }

    /** The wait of a resting delivery is over. */
    public void resume(D delivery) {
        LaneAddress address = delivery.address();
        change(address, () -> {
            if (address.again(delivery)) {
                more(address, delivery, true);
            }
        });
    }

    /** Nothing more goes out to the address until as many {@link #release}s. What is out stays out. */
    public void hold(LaneAddress address) {
        synchronized (lock) {
            address.holds++;
        }
    }

    /** Takes one {@link #hold} back. */
    public void release(LaneAddress address) {
        change(address, () -> {
            address.holds--;
        });
    }

    /** Nothing more goes out to the address but one delivery for each {@link #probe}, until {@link #open}. */
    public void shut(LaneAddress address) {
        synchronized (lock) {
            address.shut = true;
            address.probe = false;
        }
    }

    /** Lets one delivery out to an address that is shut: what is ready first, now or later. */
    public void probe(LaneAddress address) {
        change(address, () -> {
            address.probe = address.shut;
        });
    }

    /** Ends what {@link #shut} began. */
    public void open(LaneAddress address) {
        change(address, () -> {
            address.shut = false;
            address.probe = false;
        });
    }

    /**
     * So many may be out at once from now on, over all addresses: at least one, and at most the limit, as at first. What is out
     * beyond that stays out until it ends.
     */
    public void allow(int calls) {
        List<D> started;
        synchronized (lock) {
            turns.allow(calls);
            started = allThatMayStart();
        }
        start(started);
    }

    public Traffic traffic() {
        synchronized (lock) {
            return new Traffic(turns.running(), turns.ended());
        }
    }

    private void wake(LaneAddress address) {
        change(address, () -> {
            address.paced = false;
        });
    }

    /** Whether nothing, or nothing but a probe, goes out to the address at present. */
    public boolean isHeld(LaneAddress address) {
        synchronized (lock) {
            return address.isHeld();
        }
    }

    /** Whether so much could go out to the address that there is no hurry to submit more. */
    public boolean hasEnough(LaneAddress address) {
        synchronized (lock) {
            return address.hasEnough(turns.busy(), turns.allowed());
        }
    }

    /** Forgets what waits in lanes of this scope. What is out stays out until it ends or rests. */
    public void withdraw(Object scope) {
        synchronized (lock) {
            addresses.forEach(address -> address.withdraw(scope));
        }
    }

    /**
     * Takes back what of this scope and address has not begun: all but what is out or rests, or has been out in a batch.
     *
     * @return what was taken back, in no particular order
     */
    @SuppressWarnings("unchecked") // only a D is ever put in
    public List<D> unload(LaneAddress address, Object scope) {
        synchronized (lock) {
            return (List<D>) address.unload(scope);
        }
    }

    /**
     * Takes back all of this scope and address that is not out, and does not rest either. Nothing more may be submitted to
     * the address.
     *
     * @return what was taken back, in no particular order
     */
    @SuppressWarnings("unchecked") // only a D is ever put in
    public List<D> retire(LaneAddress address, Object scope) {
        synchronized (lock) {
            return (List<D>) address.retire(scope);
        }
    }

    /** Keeps no place any more for an address that gets nothing more. */
    public void forget(LaneAddress address) {
        synchronized (lock) {
            if (addresses.remove(address)) {
                turns.forget(address);
            }
        }
    }

    /** Deliveries to the address that are out now. */
    public int running(LaneAddress address) {
        synchronized (lock) {
            return address.running;
        }
    }

    /** Keeps places for an address before it has anything to go out. */
    public void expect(LaneAddress address) {
        synchronized (lock) {
            know(address);
        }
    }

    private void know(LaneAddress address) {
        if (address.number == 0) {
            address.number = turns.know();
            addresses.add(address);
        }
    }

    /**
     * More of the address could go out.
     *
     * @param of one of it
     * @param atOnce it has waited before
     */
    private void more(LaneAddress address, D of, boolean atOnce) {
        ReadyBatches batches = address.batches;
        Runnable lingered = batches == null ? null : batches.added(of.scope(), atOnce);
        if (batches != null && lingered != null) {
            alarms.want(batches.lingerNanos(), () -> change(address, lingered));
        }
        turns.offer(address);
    }

    private void change(LaneAddress address, Runnable change) {
        List<D> started;
        synchronized (lock) {
            change.run();
            turns.offer(address);
            started = allThatMayStart();
        }
        start(started);
    }

    private void start(List<D> started) {
        started.forEach(starter::start);
        alarms.set();
    }

    /** What may start now: mostly one delivery, never one for which there is no room. */
    private List<D> allThatMayStart() {
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

    @SuppressWarnings("unchecked") // only a D is ever put in
    private @Nullable D next() {
        for (LaneAddress address = turns.next(); address != null; address = turns.next()) {
            long wait = address.pace.take();
            Queued first = wait > 0 ? null : address.begin();
            if (first != null) {
                turns.started(address);
                return (D) first;
            }
            address.paced = true;
            LaneAddress waiting = address;
            alarms.want(wait, () -> wake(waiting));
        }
        return null;
    }

    /** One for the calling thread, others for threads of their own. */
    private Optional<D> takeOne(List<D> started) {
        alarms.set();
        int last = started.size() - 1;
        for (int i = 0; i < last; i++) {
            starter.start(started.get(i));
        }
        return last < 0 ? Optional.empty() : Optional.of(started.get(last));
    }
}
