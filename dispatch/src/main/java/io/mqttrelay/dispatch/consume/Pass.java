package io.mqttrelay.dispatch.consume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * How a partition is read again for the addresses that are behind in it. A pass goes forward from where one of them stands
 * and serves all that stand there or farther on; whoever has no room when it comes by stays where it is, for a later pass.
 * Passes take turns between addresses.
 */
final class Pass {
    /** Fewer offsets that nobody wants are read over, not jumped over: a jump throws away what was fetched ahead. */
    private static final long JUMP = 2_000;

    private static final long NOWHERE = -1;

    private final Assignment assignment;
    private final Room room;
    private final List<Cursor> riders = new ArrayList<>();
    private final ArrayDeque<Cursor> turns;

    private long began;
    private long position = NOWHERE;

    Pass(Assignment assignment, Room room) {
        this.assignment = assignment;
        this.room = room;
        this.turns = new ArrayDeque<>(assignment.cursors());
    }

    Assignment assignment() {
        return assignment;
    }

    /**
     * Decides whom to read for now.
     *
     * @return false: there is nobody who wants anything
     */
    boolean plan() {
        assignment.meet(room::isRoomy);
        riders.removeIf(rider -> !room.mayRide(rider) || !isAhead(rider));
        if (riders.isEmpty() || (position - began > room.turn() && somebodyWaits())) {
            return begin();
        }
        jumpTo(first());
        return true;
    }

    /** Whether the pass has still to come by something that it wants. */
    private boolean isAhead(Cursor rider) {
        long first = rider.first(assignment.next());
        return first >= position && first < assignment.next();
    }

    private boolean somebodyWaits() {
        return assignment.cursors().stream().anyMatch(cursor -> !riders.contains(cursor) && room.isHungry(cursor));
    }

    private boolean begin() {
        riders.clear();
        for (int i = turns.size(); i > 0; i--) {
            Cursor next = turns.removeFirst();
            turns.addLast(next);
            if (room.isHungry(next) && next.first(assignment.next()) < assignment.next()) {
                jumpTo(next.first(assignment.next()));
                began = position;
                for (Cursor cursor : assignment.cursors()) {
                    if (room.mayRide(cursor) && cursor.first(assignment.next()) >= position) {
                        riders.add(cursor);
                    }
                }
                return true;
            }
        }
        return false;
    }

    private long first() {
        long first = assignment.next();
        for (Cursor rider : riders) {
            first = Math.min(first, rider.first(assignment.next()));
        }
        return first;
    }

    private void jumpTo(long offset) {
        if (position == NOWHERE || offset < position || offset - position > JUMP) {
            position = offset;
        }
    }

    /** The offset to be read next. */
    long position() {
        return position;
    }

    /**
     * The reader has come to a record.
     *
     * @return false: the group's consumer brings it, and what comes behind it
     */
    boolean comesTo(long offset) {
        if (offset >= assignment.next()) {
            return false;
        }
        riders.forEach(rider -> rider.readUpTo(offset));
        return true;
    }

    boolean readsFor(Cursor cursor, long offset) {
        return cursor.wants(offset) && riders.contains(cursor);
    }

    /** The reader has been through everything before this offset. */
    void readUpTo(long offset) {
        position = Math.max(position, offset);
        long read = Math.min(position, assignment.next());
        riders.forEach(rider -> rider.readUpTo(read));
        assignment.meet(room::isRoomy);
    }

    @Override
    public String toString() {
        return "at " + position + " for " + riders;
    }
}
