package io.mqttrelay.dispatch.position;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One catch-up scan: reads a partition again for the addresses and blocked lanes that are behind in it. A scan starts
 * at the first offset of one {@link Feed} and serves all feeds at that offset or beyond. A feed without room when the
 * scan comes by stays where it is, for a later scan. Scans take turns between feeds. Consumer thread.
 */
public final class CatchUpScan {
    /** A gap of fewer unwanted offsets is read and ignored, without a seek: a seek discards the prefetched data. */
    private static final long JUMP = 2_000;

    private static final long NOWHERE = -1;

    private final Assignment assignment;
    private final Admission admission;
    private final List<Feed> feeds = new ArrayList<>();
    private final ArrayDeque<Feed> turns = new ArrayDeque<>();

    private long began;
    private long position = NOWHERE;

    public CatchUpScan(Assignment assignment, Admission admission) {
        this.assignment = assignment;
        this.admission = admission;
        assignment.allCursors().forEach(cursor -> {
            turns.add(cursor);
            turns.add(cursor.lanes());
        });
        turns.forEach(Feed::leaves); // the scan before may have ended at any offset
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
        feeds.removeIf(feed -> {
            boolean leaves = !feed.mayRide(admission) || !isAhead(feed);
            if (leaves) {
                feed.leaves();
            }
            return leaves;
        });
        if (feeds.isEmpty() || (position - began > admission.turn() && isAnyFeedWaiting())) {
            return begin();
        }
        jumpTo(first());
        return true;
    }

    /** Whether the scan has not yet reached an offset that the feed needs. */
    private boolean isAhead(Feed feed) {
        long first = feed.first(assignment.next());
        return first >= position && first < assignment.next();
    }

    private boolean isAnyFeedWaiting() {
        return turns.stream().anyMatch(feed -> !feeds.contains(feed) && feed.isHungry(admission));
    }

    private boolean begin() {
        feeds.forEach(Feed::leaves);
        feeds.clear();
        for (int i = turns.size(); i > 0; i--) {
            Feed next = turns.removeFirst();
            turns.addLast(next);
            if (next.isHungry(admission) && next.first(assignment.next()) < assignment.next()) {
                began = next.first(assignment.next()); // the offsets read before do not count
                jumpTo(began);
                for (Feed feed : turns) {
                    if (feed.mayRide(admission) && feed.first(assignment.next()) >= position) {
                        feed.begins(position);
                        feeds.add(feed);
                    }
                }
                return true;
            }
        }
        return false;
    }

    private long first() {
        long first = assignment.next();
        for (Feed feed : feeds) {
            first = Math.min(first, feed.first(assignment.next()));
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
        feeds.forEach(feed -> feed.readUpTo(offset));
        return true;
    }

    boolean readsFor(Cursor cursor, long offset) {
        return cursor.wants(offset) && feeds.contains(cursor);
    }

    /**
     * Whether the scan loads this record, which lies at or behind the read offset of its blocked lane.
     *
     * @param forCursor whether the scan {@link #readsFor(Cursor, long) reads it for the cursor}, too
     */
    boolean readsFor(BlockedLanes lanes, BlockedLane lane, long offset, boolean forCursor) {
        return feeds.contains(lanes) && lanes.takes(admission, lane, offset, assignment.next(), forCursor);
    }

    /** Notes that the reader has read everything before this offset. */
    public void readUpTo(long offset) {
        position = Math.max(position, offset);
        long read = Math.min(position, assignment.next());
        feeds.forEach(feed -> feed.readUpTo(read));
        assignment.meet(admission::isRoomy);
    }

    @Override
    public String toString() {
        return "at " + position + " for " + feeds;
    }
}
