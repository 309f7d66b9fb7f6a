package io.mqttrelay.dispatch.flow;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Assignment.Pause;
import io.mqttrelay.dispatch.position.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides, for one partition, whether the group consumer reads on, and which addresses are left behind: no address with
 * room waits for a full one.
 */
public final class Balance {
    /** Drops deliveries of an address from memory. */
    public interface Unloading {
        void unload(Assignment assignment, long address);
    }

    private final Room room;
    private final Unloading unloading;

    public Balance(Room room, Unloading unloading) {
        this.room = room;
        this.unloading = unloading;
    }

    /** Sets the partition's pause, and leaves full addresses behind if others need records. */
    void strike(Assignment assignment) {
        List<Cursor> full = new ArrayList<>();
        boolean nobodyFull = false;
        boolean anybody = false;
        boolean roomy = false;
        boolean wanted = false;
        boolean enough = true;
        for (Cursor cursor : assignment.cursors()) {
            boolean isAhead =
                    cursor.isAhead(assignment.next()) && !cursor.window().isNobody();
            if (!(cursor.isInStep() || isAhead) || !cursor.isServed()) {
                continue;
            }
            boolean isFull = cursor.isInStep() && room.isFull(cursor);
            if (cursor.window().isNobody()) {
                nobodyFull = isFull;
                continue;
            }
            anybody = true;
            roomy |= room.isRoomy(cursor);
            wanted |= room.wantsMore(cursor);
            enough &= room.hasEnough(cursor);
            if (isFull) {
                full.add(cursor);
            }
        }
        if (wanted && !nobodyFull) {
            full.forEach(cursor -> leaveBehind(assignment, cursor));
            assignment.paused(Pause.NONE);
        } else if (nobodyFull || !full.isEmpty() || !anybody) {
            assignment.paused(Pause.FULL);
        } else if (roomy || assignment.paused() != Pause.FULL) {
            assignment.paused(enough ? Pause.ENOUGH : Pause.NONE);
        }
    }

    private void leaveBehind(Assignment assignment, Cursor cursor) {
        if (cursor.hasOwnDelivery()) { // else a blocked lane's record would be dropped and read again without end
            unloading.unload(assignment, cursor.window().key());
        }
        cursor.fallBehind(assignment.next());
    }
}
