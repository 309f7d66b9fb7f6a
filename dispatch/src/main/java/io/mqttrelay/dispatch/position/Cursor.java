package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.LaneOffsets;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.window.AddressWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Progress of one address in one partition: its deliveries in memory, and its unread offsets. A cursor in step is fed
 * by the group consumer. A cursor behind is fed by catch-up scans, until nothing is unread before the group consumer's
 * fetch position.
 *
 * <p>Belongs to the consumer thread, except {@link #freed} and the counters that it changes.
 */
public final class Cursor implements Feed {
    private final Assignment assignment;
    private final AddressWindow window;
    private final OffsetTracker loaded = new OffsetTracker();
    private final Map<Long, Tried> attempts;
    private final BlockedLanes lanes;

    /** Null: in step. */
    private @Nullable Backlog backlog;

    /** The partition is being given away, and nothing more is delivered to the address from it. */
    private boolean draining;

    private long place;
    /** Timestamp of about the first unread record, epoch milliseconds; 0: not known. */
    private long unreadTimestamp;

    // the last observation for {@link #stalledMillis}
    private long stalledAt = -1;
    private long stalledSince;

    private int open; // guarded by this
    private long bytes; // guarded by this
    private boolean ended; // guarded by this

    /** Begins with the progress from the commit: everything that it does not list as complete is unread. */
    Cursor(Assignment assignment, AddressWindow window, AddressProgress progress) {
        this.assignment = assignment;
        this.window = window;
        this.attempts = new HashMap<>(progress.attempts());
        attempts.keySet().removeIf(offset -> !progress.isOpen(offset)); // those of blocked lanes
        this.lanes = new BlockedLanes(this, progress);
        this.backlog = new Backlog(progress.open(), progress.tail());
        window.fellBehind();
    }

    public Assignment assignment() {
        return assignment;
    }

    public AddressWindow window() {
        return window;
    }

    /** The lanes of the address that wait in Kafka while the other lanes go on. */
    BlockedLanes lanes() {
        return lanes;
    }

    /** How many lanes of the address are blocked. */
    public int blockedLanes() {
        return lanes.size();
    }

    /** Whether the delivery's lane is blocked. */
    public boolean isBlocked(OffsetState state) {
        return lanes.of(state) != null;
    }

    public boolean isInStep() {
        return backlog == null;
    }

    public void drain(boolean now) {
        draining = now;
    }

    public boolean isDraining() {
        return draining;
    }

    /** Whether records are read for the address. */
    public boolean isServed() {
        return window.isServed() && !draining;
    }

    /** Puts the cursor in step, if nothing is unread before the group consumer's fetch position. */
    void meet(long next) {
        // the tail of an address that another dispatcher served may lie farther on
        if (backlog != null && !draining && backlog.first() >= next && backlog.tail() <= next) {
            backlog = null;
            attempts.clear();
            window.met();
            assignment.changed();
        }
    }

    @Override
    public boolean isHungry(Admission admission) {
        return admission.isHungry(this);
    }

    @Override
    public boolean mayRide(Admission admission) {
        return admission.mayRide(this);
    }

    @Override
    public void begins(long position) {}

    @Override
    public void leaves() {}

    /** The first offset to be read by a catch-up scan. */
    @Override
    public long first(long next) {
        return backlog == null ? next : backlog.first();
    }

    /** The offset from which on everything is unread; blocked lanes have no records that wait after it. */
    long tail(long next) {
        return backlog == null ? next : backlog.tail();
    }

    /**
     * Whether the first unread offset lies beyond {@code next}: only the group consumer can read on for the address.
     */
    public boolean isAhead(long next) {
        return backlog != null && backlog.first() >= next && backlog.tail() > next;
    }

    /** Whether a catch-up scan at this offset is to deliver the record. */
    boolean wants(long offset) {
        return backlog != null && backlog.contains(offset);
    }

    /** Notes that a catch-up scan has read everything before this offset. */
    @Override
    public void readUpTo(long offset) {
        if (!attempts.isEmpty()) {
            attempts.keySet().removeIf(tried -> tried < offset); // those of deliveries in memory are counted there
        }
        if (backlog != null && backlog.upTo(offset)) {
            place++;
        }
        assignment.changed();
    }

    /**
     * Takes a delivery of this record into memory.
     *
     * @param orderKey of the lane that may be blocked
     */
    OffsetState load(OffsetState.Found record, @Nullable String orderKey) {
        Tried before = attempts.isEmpty() ? null : attempts.remove(record.offset());
        OffsetState state =
                new OffsetState(this, record, place++, before == null ? Tried.NOTHING : before, orderKey, null);
        loaded.received(state);
        unreadTimestamp = record.timestamp();
        hold(record.bytes());
        return state;
    }

    /**
     * Takes a delivery of a blocked lane's record into memory.
     *
     * @param wasSkipped whether {@link #skip} has counted the record
     */
    OffsetState load(OffsetState.Found record, @Nullable String orderKey, BlockedLane blocked, boolean wasSkipped) {
        waitsInLane(record.offset());
        Tried before = lanes.load(blocked, record, wasSkipped);
        OffsetState state = new OffsetState(this, record, place++, before, orderKey, blocked);
        place++; // the cursor's own feed continues at another record
        loaded.receivedAgain(state);
        hold(record.bytes());
        return state;
    }

    private void hold(int size) {
        synchronized (this) {
            open++;
            bytes += size;
            window.memory().hold(size);
        }
        assignment.changed();
    }

    /** Skips a record of a blocked lane: it waits in Kafka. */
    void skip(OffsetState.Found record, BlockedLane blocked) {
        waitsInLane(record.offset());
        blocked.skipped(record.timestamp());
        place++;
    }

    private void waitsInLane(long offset) {
        Tried before = attempts.isEmpty() ? null : attempts.remove(offset);
        if (before != null) {
            lanes.waits(offset, before);
        }
    }

    /** Blocks the lanes whose deliveries were dropped from memory; the address goes on without them. */
    public void blockLanes(long now) {
        List<OffsetState> dropped = loaded.dropUnloaded();
        if (!dropped.isEmpty()) {
            lanes.block(dropped, now);
            place++;
        }
    }

    /** Visits the deliveries in memory, in the order of offsets. */
    public void forEachOpen(Consumer<OffsetState> each) {
        loaded.forEachOpen(each);
    }

    /** Whether a delivery in memory was read for the cursor, not for a blocked lane. */
    public boolean hasOwnDelivery() {
        return loaded.isAnyOpen(state -> state.blocked() == null);
    }

    /** Whether at least this many deliveries in memory have not failed. */
    public boolean hasUntried(int count) {
        return loaded.areOpen(count, state -> state.tried().isNothing());
    }

    /** Whether a delivery in memory has failed before. */
    public boolean hasFailedDelivery() {
        return loaded.isAnyOpen(state -> !state.tried().isNothing());
    }

    /**
     * Leaves the address behind; the others go on. Dropped deliveries are unread again, like everything from {@code
     * next} on.
     */
    public void fallBehind(long next) {
        backlog = new Backlog(dropUnloaded().runs(), next);
        place++;
        window.fellBehind();
        assignment.changed();
    }

    /** Leaves the address behind, or, if it is behind already, marks its dropped deliveries as unread again. */
    public void takeBack(long next) {
        Backlog before = backlog;
        if (before == null) {
            fallBehind(next);
        } else {
            backlog = new Backlog(dropUnloaded().mergedWith(before.runs()), before.tail());
            place++;
            assignment.changed();
        }
    }

    private OpenRuns dropUnloaded() {
        OpenRuns dropped = new OpenRuns();
        List<OffsetState> ofBlocked = new ArrayList<>();
        for (OffsetState state : loaded.dropUnloaded()) {
            if (lanes.of(state) != null) {
                ofBlocked.add(state);
                continue;
            }
            if (dropped.runs().isEmpty()) {
                unreadTimestamp = state.timestamp();
            }
            dropped.add(state);
            keep(state, attempts);
        }
        lanes.block(ofBlocked);
        return dropped;
    }

    private static void keep(OffsetState state, Map<Long, Tried> tried) {
        Tried now = state.tried();
        if (!now.isNothing()) {
            tried.put(state.offset(), now);
        }
    }

    /**
     * Moves the cursor to a new log start offset.
     *
     * @return how many offsets were deleted unread
     */
    long lost(long beginning) {
        long lost = backlog == null ? 0 : backlog.count(beginning);
        readUpTo(beginning);
        return lost + lanes.beginsAt(beginning);
    }

    /**
     * Ends the cursor when its address is no longer configured and retention has deleted its backlog; returns whether
     * it ended.
     */
    boolean endsLeftBehind(long beginning) {
        boolean left = !window.isConfigured() && backlog != null && backlog.tail() < beginning && open() == 0;
        if (left) {
            end();
        }
        return left;
    }

    /** Releases the memory of a delivery that ended. Any thread. */
    void freed(int size) {
        synchronized (this) {
            open--;
            if (!ended) {
                bytes -= size;
                window.memory().release(size);
            }
        }
        assignment.changed();
    }

    /** Ends the cursor; its deliveries in memory are left to the garbage collector. */
    void end() {
        if (backlog != null) {
            window.met();
        }
        lanes.end();
        synchronized (this) {
            ended = true;
            window.memory().release(bytes);
            bytes = 0;
        }
    }

    /** Deliveries in memory. */
    public synchronized int open() {
        return open;
    }

    /** Unread offsets before {@code next}, among them those of other routes' records. */
    public long unreadBefore(long next) {
        return (backlog == null ? 0 : backlog.count(next)) + lanes.waiting(tail(next));
    }

    /** Lanes whose first message has failed, and waits or is tried again. */
    public int blockedTopics() {
        Set<Long> failing = new HashSet<>();
        loaded.forEachOpen(state -> {
            if (!state.tried().isNothing() && state.orderKey() != null) {
                failing.add(state.laneKey());
            }
        });
        lanes.addFailing(failing);
        return failing.size();
    }

    /** Timestamp of about the first record that is not complete; 0: not known, or all that was read is complete. */
    public long oldestTimestamp(long next) {
        long ofLanes = lanes.oldestTimestamp();
        long ofOthers = oldestOfOthers(next);
        return ofLanes == 0 || ofOthers == 0 ? Math.max(ofLanes, ofOthers) : Math.min(ofLanes, ofOthers);
    }

    private long oldestOfOthers(long next) {
        OffsetState oldest = loaded.oldest();
        if (oldest != null && oldest.offset() < first(next)) {
            return oldest.timestamp();
        }
        return backlog != null && backlog.count(next) > 0 ? unreadTimestamp : 0;
    }

    /**
     * For how long the cursor could have read on and has not.
     *
     * @param nowMillis a monotonic clock
     */
    public long stalledMillis(boolean couldRead, long next, long nowMillis) {
        long first = first(next);
        if (!couldRead || first != stalledAt) {
            stalledAt = first;
            stalledSince = nowMillis;
        }
        return nowMillis - stalledSince;
    }

    /** The first offset that is not complete, or not read yet. */
    long position(long next) {
        OffsetState oldest = loaded.oldest();
        long first = Math.min(first(next), lanes.lowest());
        return oldest == null ? first : Math.min(first, oldest.offset());
    }

    AddressProgress progress(long next) {
        OpenRuns open = new OpenRuns();
        Map<Long, Tried> tried = new HashMap<>(attempts);
        Set<OffsetState> covered = lanes.isEmpty() ? Set.of() : lanes.cover(loaded);
        loaded.forEachOpen(state -> {
            if (!covered.contains(state)) {
                open.add(state);
            }
            keep(state, tried);
        });
        LaneOffsets blocked = lanes.offsets(tried);
        return backlog == null
                ? new AddressProgress(open.runs(), next, tried, blocked)
                : new AddressProgress(open.mergedWith(backlog.runs()), backlog.tail(), tried, blocked);
    }

    @Override
    public String toString() {
        return window + " in " + assignment;
    }
}
