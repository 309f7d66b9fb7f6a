package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.LaneKey;
import io.mqttrelay.dispatch.progress.LaneOffsets;
import io.mqttrelay.dispatch.progress.Tried;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The blocked lanes of one address in one partition: their records wait in Kafka, those of all other lanes do not. One
 * catch-up scan serves all of them. Consumer thread, except {@link #has}.
 */
final class BlockedLanes implements Feed {
    /** Memory of one blocked lane, about, with its map entry. */
    static final int BYTES = 160;

    /** Deliveries of all blocked lanes together before their speed is known. */
    private static final int FIRST_DELIVERIES = 1024;

    /** Scans for lanes that are not quick take at most 1/SHARE of the time. */
    private static final int SHARE = 5;
    /** Counting deliveries in memory takes at most about 1/LOOK_SHARE of the time. */
    private static final int LOOK_SHARE = 20;

    private static final long LONGEST_REST = TimeUnit.MINUTES.toNanos(10);
    /** More than this between two reads is a wait, as for a partition that is set aside, and no work of the scan. */
    private static final long LONGEST_READ = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final Cursor cursor;
    /** By {@link LaneKey}. Changed by the consumer thread only. */
    private final ConcurrentSkipListMap<Long, BlockedLane> lanes = new ConcurrentSkipListMap<>();

    private int size;
    /** Failed attempts of records that wait in Kafka, by offset: of a lane's first one, and of others tried in batches. */
    private final Map<Long, Tried> attempts = new HashMap<>();

    private long now;
    private long lookAt = LONG_AGO;
    /** The lowest offset of a lane that needs records; {@code Long.MAX_VALUE}: no lane does. */
    private long lowestHungry = Long.MAX_VALUE;
    /** The lowest offset of a quick lane that needs records. */
    private long lowestQuick = Long.MAX_VALUE;

    // of the current scan
    private boolean served;
    private int riders;
    private long scanned;
    private long lastRead;
    private long readFor;
    private long restUntil = LONG_AGO;

    /** @param known progress from a commit */
    BlockedLanes(Cursor cursor, AddressProgress known) {
        this.cursor = cursor;
        if (known.lanes().isEmpty()) {
            return;
        }
        attempts.putAll(known.attempts());
        attempts.keySet().removeIf(known::isOpen); // the cursor keeps those
        known.lanes().toMap().forEach((lane, from) -> lanes.put(lane, new BlockedLane(from)));
        grew(lanes.size());
    }

    private void grew(int more) {
        cursor.assignment().changed();
        size += more;
        cursor.window().blocked(more);
        cursor.window().lanes().hold((long) BYTES * more);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Whether a lane is blocked. Any thread. */
    boolean has(String orderKey) {
        return lanes.containsKey(LaneKey.of(orderKey));
    }

    /** Null: the lane is not blocked. */
    @Nullable
    BlockedLane find(@Nullable String orderKey) {
        return isEmpty() || orderKey == null ? null : lanes.get(LaneKey.of(orderKey));
    }

    /** Null: the lane is not blocked. */
    @Nullable
    BlockedLane of(OffsetState state) {
        return isEmpty() || state.orderKey() == null ? null : lanes.get(state.laneKey());
    }

    /** Blocks the lanes of dropped deliveries, with the time of the last look. */
    void block(List<OffsetState> dropped) {
        block(dropped, now);
    }

    /**
     * Blocks the lanes of dropped deliveries, each from its first dropped one on. The list is in the order of offsets.
     */
    void block(List<OffsetState> dropped, long time) {
        Map<Long, List<OffsetState>> byLane = new HashMap<>();
        dropped.forEach(state -> byLane.computeIfAbsent(state.laneKey(), lane -> new ArrayList<>())
                .add(state));
        byLane.forEach((key, states) -> {
            BlockedLane lane = lanes.get(key);
            if (lane == null) {
                lane = new BlockedLane();
                lanes.put(key, lane);
                grew(1);
            }
            cursor.assignment().changed();
            lane.unload(states.get(0), states.size(), time);
            states.forEach(state -> waits(state.offset(), state.tried()));
            if (lane.isRiding() && lane.from() < scanned) {
                leaves(lane);
            }
        });
        lookAt = time;
    }

    /** Keeps the failed attempts of a record that waits in Kafka. */
    void waits(long offset, Tried tried) {
        if (!tried.isNothing()) {
            attempts.put(offset, tried);
        }
    }

    /**
     * Notes that a record is in memory now.
     *
     * @param wasSkipped whether a reader has skipped it before
     * @return its failed attempts so far
     */
    Tried load(BlockedLane lane, OffsetState.Found record, boolean wasSkipped) {
        lane.load(record.offset(), record.timestamp(), wasSkipped);
        Tried before = attempts.isEmpty() ? null : attempts.remove(record.offset());
        return before == null ? Tried.NOTHING : before;
    }

    /**
     * Whether the current scan loads this record, which lies at or behind the lane's read offset.
     *
     * @param next the group consumer's fetch position
     * @param forCursor whether the scan reads the record for the cursor, too; else the cursor reads it again later, if it
     *     is unread
     */
    boolean takes(Admission admission, BlockedLane lane, long offset, long next, boolean forCursor) {
        if (!lane.isRiding()) {
            return false;
        }
        if (!admission.mayLoadLanes(cursor)) {
            lane.readUpTo(offset);
            leaves(lane);
            cursor.assignment().changed();
            return false;
        }
        if (!lane.hasRoom() || (!forCursor && cursor.first(next) <= offset)) {
            lane.left(offset, now);
            cursor.assignment().changed();
            leaves(lane);
            return false;
        }
        return true;
    }

    private void leaves(BlockedLane lane) {
        lane.rides(false);
        riders--;
    }

    /** Counts the deliveries of each lane in memory, now and then, and unblocks lanes without records in Kafka. */
    private void look(Admission admission) {
        now = admission.nanoTime();
        if (isEmpty() || now - lookAt < 0) {
            return;
        }
        Map<Long, Integer> loaded = new HashMap<>();
        Map<Long, Boolean> failed = new HashMap<>();
        cursor.forEachOpen(state -> {
            if (of(state) != null) {
                loaded.merge(state.laneKey(), 1, Integer::sum);
                failed.putIfAbsent(state.laneKey(), !state.tried().isNothing());
            }
        });
        long next = cursor.assignment().next();
        remove(lane -> lane.from() >= cursor.tail(next));
        int least = Math.max(1, Math.min(BlockedLane.ALLOWANCE, FIRST_DELIVERIES / Math.max(1, size)));
        lowestHungry = Long.MAX_VALUE;
        lowestQuick = Long.MAX_VALUE;
        boolean takes = admission.takes(cursor);
        lanes.forEach((key, lane) -> {
            Boolean firstFailed = failed.get(key); // null: none of the lane is in memory
            lane.looked(
                    loaded.getOrDefault(key, 0),
                    firstFailed == null ? attempts.containsKey(lane.from()) : firstFailed,
                    takes,
                    least,
                    now);
            if (lane.isHungry() && lane.from() <= cursor.first(next)) {
                lowestHungry = Math.min(lowestHungry, lane.from());
                lowestQuick = lane.isQuick() ? Math.min(lowestQuick, lane.from()) : lowestQuick;
            }
        });
        lookAt = now + Math.max(admission.betweenLooks(), LOOK_SHARE * (admission.nanoTime() - now));
    }

    private void remove(Predicate<BlockedLane> gone) {
        for (Iterator<BlockedLane> each = lanes.values().iterator(); each.hasNext(); ) {
            BlockedLane lane = each.next();
            if (gone.test(lane)) {
                each.remove();
                riders -= lane.isRiding() ? 1 : 0;
                grew(-1);
            }
        }
    }

    @Override
    public boolean isHungry(Admission admission) {
        look(admission);
        return mayRide(admission) && first(Long.MAX_VALUE) < Long.MAX_VALUE;
    }

    @Override
    public boolean mayRide(Admission admission) {
        now = admission.nanoTime();
        return !isEmpty() && admission.mayLoadLanes(cursor);
    }

    @Override
    public long first(long next) {
        if (served) {
            return riders > 0 ? scanned : next;
        }
        long first = now - restUntil >= 0 ? lowestHungry : lowestQuick;
        return first == Long.MAX_VALUE ? next : first;
    }

    @Override
    public void begins(long position) {
        served = true;
        scanned = position;
        lastRead = now;
        readFor = 0;
        riders = 0;
        for (BlockedLane lane : lanes.values()) {
            lane.rides(lane.from() >= position && lane.hasRoom());
            riders += lane.isRiding() ? 1 : 0;
        }
    }

    @Override
    public void readUpTo(long offset) {
        readFor += Math.min(LONGEST_READ, Math.max(0, now - lastRead));
        lastRead = now;
        scanned = Math.max(scanned, offset);
        if (riders > 0 && scanned >= cursor.tail(cursor.assignment().next())) {
            remove(BlockedLane::isRiding); // all their records are in memory, and the cursor reads the following ones
        }
    }

    @Override
    public void leaves() {
        if (!served) {
            return;
        }
        served = false;
        cursor.assignment().changed();
        for (BlockedLane lane : lanes.values()) {
            if (lane.isRiding()) {
                lane.readUpTo(scanned);
                leaves(lane);
            }
        }
        restUntil = now + Math.min(LONGEST_REST, (SHARE - 1) * readFor);
        lookAt = now;
        lowestHungry = Long.MAX_VALUE;
        lowestQuick = Long.MAX_VALUE;
        long lowest = lowest();
        attempts.keySet().removeIf(offset -> offset < lowest); // of records that are gone from the log
    }

    /**
     * Moves the lanes to a new log start offset.
     *
     * @return records that were not delivered and are gone, at most
     */
    long beginsAt(long beginning) {
        long lost = 0;
        long most = Math.max(0, beginning - lowest());
        attempts.keySet().removeIf(offset -> offset < beginning);
        for (BlockedLane lane : lanes.values()) {
            lost += lane.from() < beginning ? lane.beginsAt(beginning) : 0;
        }
        return Math.min(lost, most);
    }

    /** The lowest offset that a blocked lane has not got; {@code Long.MAX_VALUE}: no lane is blocked. */
    long lowest() {
        long lowest = Long.MAX_VALUE;
        for (BlockedLane lane : lanes.values()) {
            lowest = Math.min(lowest, lane.from());
        }
        return lowest;
    }

    /**
     * Records that wait in Kafka, at most.
     *
     * @param tail the first offset that the cursor itself has not read
     */
    long waiting(long tail) {
        if (isEmpty()) {
            return 0;
        }
        long waiting = 0;
        for (BlockedLane lane : lanes.values()) {
            waiting += lane.isCounted() ? lane.skipped() : Math.max(0, tail - lane.from());
        }
        return Math.min(waiting, Math.max(0, tail - lowest()));
    }

    /** Timestamp of about the oldest record that waits in Kafka, epoch milliseconds; 0: not known, or there is none. */
    long oldestTimestamp() {
        long oldest = Long.MAX_VALUE;
        for (BlockedLane lane : lanes.values()) {
            oldest = lane.timestamp() > 0 ? Math.min(oldest, lane.timestamp()) : oldest;
        }
        return oldest == Long.MAX_VALUE ? 0 : oldest;
    }

    /** Adds the {@link LaneKey}s of lanes whose first message fails, or has failed with no quick delivery since. */
    void addFailing(Set<Long> failing) {
        lanes.forEach((key, lane) -> {
            if (lane.isFailing() || !lane.isQuick()) {
                failing.add(key);
            }
        });
    }

    /** Deliveries that need no range of their own in the commit, since the offsets of their lanes cover them. */
    Set<OffsetState> cover(OffsetTracker loaded) {
        lanes.values().forEach(BlockedLane::beginProgress);
        List<OffsetState> open = new ArrayList<>();
        loaded.forEachOpen(open::add);
        Set<OffsetState> covered = new HashSet<>();
        for (int i = open.size() - 1; i >= 0; i--) {
            OffsetState state = open.get(i);
            BlockedLane lane = state.blocked() == null ? null : of(state);
            if (lane != null && lane.covers(state)) {
                covered.add(state);
            }
        }
        return covered;
    }

    /**
     * The offset of each lane, after {@link #cover}.
     *
     * @param tried gets the attempts of records that are not in memory
     */
    LaneOffsets offsets(Map<Long, Tried> tried) {
        if (isEmpty()) {
            return LaneOffsets.NONE;
        }
        tried.putAll(attempts);
        LaneOffsets.Builder offsets = new LaneOffsets.Builder(size);
        lanes.forEach((key, lane) -> offsets.add(key, lane.firstOpen()));
        return offsets.build();
    }

    @Override
    public String toString() {
        return size + " lanes, first " + (isEmpty() ? "none" : lowest()) + (served ? ", read at " + scanned : "");
    }

    /** Ends the lanes: releases their memory and keeps their progress for the last commit. */
    void end() {
        cursor.window().blocked(-size);
        cursor.window().lanes().release((long) BYTES * size);
    }
}
