package io.mqttrelay.dispatch.flow;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Assignment.Pause;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.Destinations;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides, for one partition, whether the group consumer reads on, and which addresses are left behind: no address with
 * room waits for a full one.
 */
public final class PausePolicy {
    private final WindowPolicy policy;
    private final Destinations destinations;

    public PausePolicy(WindowPolicy policy, Destinations destinations) {
        this.policy = policy;
        this.destinations = destinations;
    }

    /** Sets the partition's pause, and leaves full addresses behind if others need records. */
    void apply(Assignment assignment) {
        List<Cursor> full = new ArrayList<>();
        boolean anybody = false;
        boolean roomy = false;
        boolean wanted = false;
        boolean enough = true;
        for (Cursor cursor : assignment.cursors()) {
            if (!(cursor.isInStep() || cursor.isAhead(assignment.next())) || !cursor.isServed()) {
                continue;
            }
            anybody = true;
            roomy |= policy.isRoomy(cursor);
            wanted |= policy.wantsMore(cursor);
            enough &= policy.hasEnough(cursor);
            if (cursor.isInStep() && policy.isFull(cursor)) {
                full.add(cursor);
            }
        }
        boolean mustWait = isFullOfUnroutable(assignment);
        if (wanted && !mustWait) {
            full.forEach(cursor -> leaveBehind(assignment, cursor));
            assignment.paused(Pause.NONE);
        } else if (mustWait || !full.isEmpty() || !anybody) {
            assignment.paused(Pause.FULL);
        } else if (roomy || assignment.paused() != Pause.FULL) {
            assignment.paused(enough ? Pause.ENOUGH : Pause.NONE);
        }
    }

    /** Whether unroutable records fill their memory: the group consumer waits until their dead letters are stored. */
    private boolean isFullOfUnroutable(Assignment assignment) {
        Cursor unroutable = assignment.unroutable();
        return unroutable != null && unroutable.isInStep() && unroutable.isServed() && policy.isFull(unroutable);
    }

    private void leaveBehind(Assignment assignment, Cursor cursor) {
        if (cursor.hasOwnDelivery()) { // else a blocked lane's record would be dropped and read again without end
            destinations.unload(assignment, cursor.window().key());
        }
        cursor.fallBehind(assignment.next());
    }
}
