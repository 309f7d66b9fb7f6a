package io.mqttrelay.dispatch.position;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One catch-up pass: reads a partition again for the addresses and blocked lanes that are behind in it. A pass starts
 * at the first offset of one {@link Feed} and serves all feeds at that offset or beyond. A feed without room when the
 * pass comes by stays where it is, for a later pass. Passes take turns between feeds. Consumer thread.
 */
public final class Pass {
    /** A gap of fewer unwanted offsets is read and ignored, without a seek: a seek discards the prefetched data. */
    private static final long JUMP = 2_000;

    private static final long NOWHERE = -1;

    private final Assignment assignment;
    private final Admission admission;
    private final List<Feed> riders = new ArrayList<>();
    private final ArrayDeque<Feed> turns = new ArrayDeque<>();

    private long began;
    private long position = NOWHERE;

    public Pass(Assignment assignment, Admission admission) {
        this.assignment = assignment;
        this.admission = admission;
        assignment.allCursors().forEach(cursor -> {
            turns.add(cursor);
            turns.add(cursor.lanes());
        });
        turns.forEach(Feed::leaves); // the pass before may have ended at any offset
    }

    public Assignment assignment() {
        return assignment;
    }

    /**
     * Decides what to read next.
     *
     * @return false: there is nothing to read
     */
    public boolean plan() {
        assignment.meet(admission::isRoomy);
        riders.removeIf(rider -> {
            boolean leaves = !rider.mayRide(admission) || !isAhead(rider);
            if (leaves) {
                rider.leaves();
            }
            return leaves;
        });
        if (riders.isEmpty() || (position - began > admission.turn() && somebodyWaits())) {
            return begin();
        }
        jumpTo(first());
        return true;
    }

    /** Whether the pass has not yet reached an offset that the feed needs. */
    private boolean isAhead(Feed rider) {
        long first = rider.first(assignment.next());
        return first >= position && first < assignment.next();
    }

    private boolean somebodyWaits() {
        return turns.stream().anyMatch(feed -> !riders.contains(feed) && feed.isHungry(admission));
    }

    private boolean begin() {
        riders.forEach(Feed::leaves);
        riders.clear();
        for (int i = turns.size(); i > 0; i--) {
            Feed next = turns.removeFirst();
            turns.addLast(next);
            if (next.isHungry(admission) && next.first(assignment.next()) < assignment.next()) {
                began = next.first(assignment.next()); // the offsets read before do not count
                jumpTo(began);
                for (Feed feed : turns) {
                    if (feed.mayRide(admission) && feed.first(assignment.next()) >= position) {
                        feed.begins(position);
                        riders.add(feed);
                    }
                }
                return true;
            }
        }
        return false;
    }

    private long first() {
        long first = assignment.next();
        for (Feed rider : riders) {
            first = Math.min(first, rider.first(assignment.next()));
        }
        return first;
    }

    private void jumpTo(long offset) {
        if (position == NOWHERE || offset < position || offset - position > JUMP) {
            position = offset;
        }
    }

    /** The next offset to read. */
    public long position() {
        return position;
    }

    /**
     * Notes that the reader has come to a record.
     *
     * @return false: the group consumer reads this record and those behind it
     */
    public boolean comesTo(long offset) {
        if (offset >= assignment.next()) {
            return false;
        }
        riders.forEach(rider -> rider.readUpTo(offset));
        return true;
    }

    boolean readsFor(Cursor cursor, long offset) {
        return cursor.wants(offset) && riders.contains(cursor);
    }

    /**
     * Whether the pass loads this record, which lies at or behind the read offset of its blocked lane.
     *
     * @param forCursor whether the pass {@link #readsFor(Cursor, long) reads it for the cursor}, too
     */
    boolean readsFor(BlockedLanes lanes, BlockedLane lane, long offset, boolean forCursor) {
        return riders.contains(lanes) && lanes.takes(admission, lane, offset, assignment.next(), forCursor);
    }

    /** Notes that the reader has read everything before this offset. */
    public void readUpTo(long offset) {
        position = Math.max(position, offset);
        long read = Math.min(position, assignment.next());
        riders.forEach(rider -> rider.readUpTo(read));
        assignment.meet(admission::isRoomy);
    }

    @Override
    public String toString() {
        return "at " + position + " for " + riders;
    }
}
