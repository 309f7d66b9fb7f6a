package io.mqttrelay.dispatch.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may overtake what. A lane is an address and an order key: one delivery of it is out at a time, also while it waits
 * to be tried again, and the next follows when it has ended. Lanes of one address go out side by side up to the address's
 * limit, addresses side by side up to the dispatcher's; where there is not room for all, addresses take turns, and none
 * takes all ({@link Turns}).
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

    /** Calls {@link #wake} for the address after so many nanoseconds. Must not block. */
    public interface Waker {
        void wakeAfter(LaneAddress address, long nanos);
    }

    private record Pause(LaneAddress address, long nanos) {}

    private final Starter<D> starter;
    private final Waker waker;

    private final Object lock = new Object();
    private final List<LaneAddress> addresses = new ArrayList<>();
    private final Turns turns;
    private final List<Pause> pauses = new ArrayList<>();
    private volatile boolean pausing;

    /** @param limit deliveries that may be out at once, over all addresses */
    public Lanes(int limit, Starter<D> starter, Waker waker) {
        this.turns = new Turns(limit);
        this.starter = starter;
        this.waker = waker;
    }

    /** Puts a delivery at the end of its lane. */
    public void submit(D delivery) {
        List<D> started;
        synchronized (lock) {
            know(delivery.address());
            Lane lane = laneOf(delivery);
            if (lane != null) {
                lane.deliveries.add(delivery);
                return;
            }
            ready(delivery.address(), open(delivery));
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
        List<D> started;
        synchronized (lock) {
            LaneAddress address = delivery.address();
            turns.freed(address);
            Lane lane = laneOf(delivery);
            if (lane != null) {
                lane.deliveries.removeFirst();
                if (lane.deliveries.isEmpty()) {
                    address.lanes.remove(key(delivery));
                } else {
                    ready(address, lane);
                }
            }
            started = allThatMayStart();
        }
        return takeOne(started);
    }

    /**
     * A delivery that was out waits to be tried again: its room is free, its lane stays closed until {@link #resume}.
     *
     * @return what the calling thread takes on next
     */
    public Optional<D> rest(D delivery) {
        List<D> started;
        synchronized (lock) {
            turns.freed(delivery.address());
            started = allThatMayStart();
        }
        return takeOne(started);
    }

    /** The wait of a resting delivery is over. */
    public void resume(D delivery) {
        List<D> started;
        synchronized (lock) {
            Lane lane = delivery.orderKey() == null ? open(delivery) : laneOf(delivery);
            if (lane == null) {
                return; // withdrawn meanwhile
            }
            ready(delivery.address(), lane);
            started = allThatMayStart();
        }
        start(started);
    }

    /** Nothing more goes out to the address until as many {@link #release}s. What is out stays out. */
    public void hold(LaneAddress address) {
        synchronized (lock) {
            address.holds++;
        }
    }

    /** Takes one {@link #hold} back. */
    public void release(LaneAddress address) {
        List<D> started;
        synchronized (lock) {
            address.holds--;
            turns.offer(address);
            started = allThatMayStart();
        }
        start(started);
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
        List<D> started;
        synchronized (lock) {
            address.probe = address.shut;
            turns.offer(address);
            started = allThatMayStart();
        }
        start(started);
    }

    /** Ends what {@link #shut} began. */
    public void open(LaneAddress address) {
        List<D> started;
        synchronized (lock) {
            address.shut = false;
            address.probe = false;
            turns.offer(address);
            started = allThatMayStart();
        }
        start(started);
    }

    /** The wait for its {@link Pace} is over. */
    public void wake(LaneAddress address) {
        List<D> started;
        synchronized (lock) {
            address.paced = false;
            turns.offer(address);
            started = allThatMayStart();
        }
        start(started);
    }

    /** Whether nothing, or nothing but a probe, goes out to the address at present. */
    public boolean isHeld(LaneAddress address) {
        synchronized (lock) {
            return address.isHeld();
        }
    }

    /** Forgets what waits in lanes of this scope. What is out stays out until it ends or rests. */
    public void withdraw(Object scope) {
        synchronized (lock) {
            for (LaneAddress address : addresses) {
                address.lanes.values().removeIf(lane -> lane.scope == scope);
                address.ready.removeIf(lane -> lane.scope == scope);
            }
        }
    }

    /**
     * Takes back what of this scope and address has not begun: all but what is out or rests.
     *
     * @return what was taken back, in no particular order
     */
    public List<D> unload(LaneAddress address, Object scope) {
        List<D> unloaded = new ArrayList<>();
        synchronized (lock) {
            for (Lane lane : List.copyOf(address.lanes.values())) {
                if (lane.scope == scope && !lane.ready) {
                    Queued begun = lane.deliveries.removeFirst();
                    moveAll(lane, unloaded);
                    lane.deliveries.add(begun);
                }
            }
            address.ready.removeIf(lane -> lane.scope == scope && unloadReady(address, lane, unloaded));
        }
        return unloaded;
    }

    private boolean unloadReady(LaneAddress address, Lane lane, List<D> unloaded) {
        LaneAddress.Key key = key(head(lane));
        if (key != null) {
            address.lanes.remove(key);
        }
        moveAll(lane, unloaded);
        return true;
    }

    @SuppressWarnings("unchecked") // only a D is ever put in
    private void moveAll(Lane lane, List<D> to) {
        lane.deliveries.forEach(delivery -> to.add((D) delivery));
        lane.deliveries.clear();
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

    private Lane open(D delivery) {
        Lane lane = new Lane(delivery.scope(), delivery.later());
        lane.deliveries.add(delivery);
        LaneAddress.Key key = key(delivery);
        if (key != null) {
            delivery.address().lanes.put(key, lane);
        }
        return lane;
    }

    private @Nullable Lane laneOf(D delivery) {
        LaneAddress.Key key = key(delivery);
        return key == null ? null : delivery.address().lanes.get(key);
    }

    private LaneAddress.@Nullable Key key(D delivery) {
        String orderKey = delivery.orderKey();
        return orderKey == null ? null : new LaneAddress.Key(delivery.scope(), orderKey);
    }

    private void ready(LaneAddress address, Lane lane) {
        lane.ready = true;
        address.ready.addLast(lane);
        turns.offer(address);
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

    private @Nullable D next() {
        for (LaneAddress address = turns.next(); address != null; address = turns.next()) {
            long wait = address.pace.take();
            Lane lane = wait > 0 ? null : address.ready.pollFirst();
            if (lane != null) {
                lane.ready = false;
                turns.started(address);
                return head(lane);
            }
            address.paced = true;
            pauses.add(new Pause(address, wait));
            pausing = true;
        }
        return null;
    }

    @SuppressWarnings("unchecked") // only a D is ever put in
    private D head(Lane lane) {
        return (D) lane.deliveries.getFirst();
    }

    private void start(List<D> started) {
        started.forEach(starter::start);
        setAlarms();
    }

    private void setAlarms() {
        if (!pausing) {
            return;
        }
        List<Pause> due;
        synchronized (lock) {
            due = List.copyOf(pauses);
            pauses.clear();
            pausing = false;
        }
        due.forEach(pause -> waker.wakeAfter(pause.address(), pause.nanos()));
    }

    /** One for the calling thread, others for threads of their own. */
    private Optional<D> takeOne(List<D> started) {
        setAlarms();
        int last = started.size() - 1;
        for (int i = 0; i < last; i++) {
            starter.start(started.get(i));
        }
        return last < 0 ? Optional.empty() : Optional.of(started.get(last));
    }
}
