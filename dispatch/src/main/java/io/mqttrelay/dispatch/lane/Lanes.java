package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may overtake what. A lane is an address and an order key: one delivery of it is out at a time, also while it waits
 * to be tried again, and the next follows when it has ended. Lanes of one address go out side by side up to the address's
 * limit, addresses side by side up to the dispatcher's; where there is not room for all, addresses take turns.
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

    private final int limit;
    private final Starter<D> starter;

    private final Object lock = new Object();
    private final List<LaneAddress> addresses = new ArrayList<>();
    private final ArrayDeque<LaneAddress> turns = new ArrayDeque<>();
    private int running;

    /** @param limit deliveries that may be out at once, over all addresses */
    public Lanes(int limit, Starter<D> starter) {
        this.limit = limit;
        this.starter = starter;
    }

    /** Puts a delivery at the end of its lane. */
    public void submit(D delivery) {
        D next;
        synchronized (lock) {
            know(delivery.address());
            Lane lane = laneOf(delivery);
            if (lane != null) {
                lane.deliveries.add(delivery);
                return;
            }
            ready(delivery.address(), open(delivery));
            next = next();
        }
        start(next);
    }

    /**
     * A delivery that was out has ended for good.
     *
     * @return what the calling thread takes on next
     */
    public Optional<D> ended(D delivery) {
        synchronized (lock) {
            LaneAddress address = delivery.address();
            free(address);
            Lane lane = laneOf(delivery);
            if (lane != null) {
                lane.deliveries.removeFirst();
                if (lane.deliveries.isEmpty()) {
                    address.lanes.remove(key(delivery));
                } else {
                    ready(address, lane);
                }
            }
            return Optional.ofNullable(next());
        }
    }

    /**
     * A delivery that was out waits to be tried again: its room is free, its lane stays closed until {@link #resume}.
     *
     * @return what the calling thread takes on next
     */
    public Optional<D> rest(D delivery) {
        synchronized (lock) {
            free(delivery.address());
            return Optional.ofNullable(next());
        }
    }

    /** The wait of a resting delivery is over. */
    public void resume(D delivery) {
        D next;
        synchronized (lock) {
            Lane lane = delivery.orderKey() == null ? open(delivery) : laneOf(delivery);
            if (lane == null) {
                return; // withdrawn meanwhile
            }
            ready(delivery.address(), lane);
            next = next();
        }
        start(next);
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
            started = allThatMayStart(address);
        }
        started.forEach(starter::start);
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
        D next;
        synchronized (lock) {
            address.probe = address.shut;
            takeTurn(address);
            next = next();
        }
        start(next);
    }

    /** Ends what {@link #shut} began. */
    public void open(LaneAddress address) {
        List<D> started;
        synchronized (lock) {
            address.shut = false;
            address.probe = false;
            started = allThatMayStart(address);
        }
        started.forEach(starter::start);
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

    private void know(LaneAddress address) {
        if (!address.known) {
            address.known = true;
            addresses.add(address);
        }
    }

    private Lane open(D delivery) {
        Lane lane = new Lane(delivery.scope());
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
        takeTurn(address);
    }

    private void free(LaneAddress address) {
        running--;
        address.running--;
        takeTurn(address);
    }

    private void takeTurn(LaneAddress address) {
        if (!address.inTurn && address.mayStart()) {
            address.inTurn = true;
            turns.addLast(address);
        }
    }

    /** Every operation frees room for one or makes one ready, never more: so one call leaves nothing that could start. */
    private @Nullable D next() {
        while (running < limit) {
            LaneAddress address = turns.pollFirst();
            if (address == null) {
                return null;
            }
            address.inTurn = false;
            Lane lane = address.mayStart() ? address.ready.pollFirst() : null;
            if (lane != null) {
                lane.ready = false;
                running++;
                address.running++;
                address.probe = false;
                takeTurn(address);
                return head(lane);
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked") // only a D is ever put in
    private D head(Lane lane) {
        return (D) lane.deliveries.getFirst();
    }

    private List<D> allThatMayStart(LaneAddress address) {
        List<D> started = new ArrayList<>();
        takeTurn(address);
        for (D next = next(); next != null; next = next()) {
            started.add(next);
        }
        return started;
    }

    private void start(@Nullable D next) {
        if (next != null) {
            starter.start(next);
        }
    }
}
